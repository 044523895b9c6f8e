// forbidden: another feature's private file
import { secret } from '../accounts/rules.ts'
export const leak = secret
