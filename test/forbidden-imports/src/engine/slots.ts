// forbidden: the engine knows no platform
import { clock } from '#platform/clock.ts'
export const now = clock
