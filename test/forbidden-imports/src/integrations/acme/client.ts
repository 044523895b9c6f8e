// forbidden: a vendor that knows a feature
import { book } from '#features/bookings/commands.ts'
export const client = book
