// forbidden: a feature without a rank
import { createUser } from '../accounts/commands.ts'
export const use = createUser
