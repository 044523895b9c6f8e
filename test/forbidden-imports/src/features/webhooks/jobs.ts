// forbidden: two features of the last rank
import { remind } from '../workflows/commands.ts'
export const job = remind
