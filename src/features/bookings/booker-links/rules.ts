/** So long a link to all bookings of an address can be opened. */
export const LINK_MINUTES = 60
