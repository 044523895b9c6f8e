/** How long a time is kept for a visitor who fills in a form. */
export const USUAL_MINUTES = 5
/** How long the host may keep one: a day. Whoever wants more makes a booking. */
export const MOST_MINUTES = 1440
