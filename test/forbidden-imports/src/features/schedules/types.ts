// forbidden: a higher rank, by a type import
import type { Booking } from '../bookings/types.ts'
export type Held = Booking
