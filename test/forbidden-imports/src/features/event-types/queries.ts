// forbidden: the same rank
import type { Held } from '../schedules/types.ts'
export type Kept = Held
