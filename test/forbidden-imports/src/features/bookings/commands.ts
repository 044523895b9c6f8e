import { createUser } from '../accounts/commands.ts'
export const book = createUser
