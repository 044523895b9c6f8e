/** What comes before a key: that of the page itself, or of a booking that a page of its host or the API is about. */
const KEYED = /^\/(setup|booking|reschedule|my-bookings|feeds|d|bookings\/detail|v2\/bookings)\/[^/]+/

/** The path of a request as the log has it: whoever reads logs could open addresses that are secrets. */
export function loggedPath(path: string): string {
  return (path.split('?')[0] ?? '').replace(KEYED, '/$1/…')
}
