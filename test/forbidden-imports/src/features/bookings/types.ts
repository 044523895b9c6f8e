export type Booking = number
