export const fetchSafely = 1
