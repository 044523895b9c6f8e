// forbidden: one vendor uses another
import { pay } from '../acme/payments.ts'
export const client = pay
