import { Temporal } from 'temporal-polyfill'
export const instant = Temporal
