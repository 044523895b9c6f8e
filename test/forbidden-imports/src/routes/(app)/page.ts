import { book } from '#features/bookings/commands.ts'
export const load = book
