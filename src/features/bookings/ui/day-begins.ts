/**
 * Parameter that names a day by its first time, since that may be on another day in another zone: how the plain form for zones tells the
 * server. No key of a question has a dot.
 */
export const DAY_BEGINS = 'day.begins'
