/** Days that it is kept what was sent, and what was answered. */
export const ATTEMPT_DAYS = 30
