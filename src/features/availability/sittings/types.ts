/** What some share, or are about to: one start of an event type with seats. Instants are epoch milliseconds. */
export interface Sitting {
  eventTypeId: number
  start: number
  end: number
}
