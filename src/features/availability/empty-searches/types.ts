/** Whoever has to wait longer than this has found nothing. */
export const NEAR_DAYS = 14
/** How long is counted together. */
export const COUNTED_DAYS = 7
/** So many occasions of that time are told. */
export const TOLD_FROM = 3
/** Whoever looks again soon is on the same occasion. */
export const OCCASION_MINUTES = 60
