// forbidden: a path that leads nowhere
import { gone } from './gone.ts'
export const poll = gone
