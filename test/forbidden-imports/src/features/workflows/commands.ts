export const remind = 1
