/** Days after which a link ends, as they are offered; null: never. */
export const EXPIRIES = [null, 1, 3, 7, 14, 30, 90] as const
