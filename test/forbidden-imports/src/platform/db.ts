// forbidden: product knowledge in the platform, as a type
import type { Booking } from '#features/bookings/types.ts'
export type Row = Booking
