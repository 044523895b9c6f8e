/** First parts of the addresses of a host's own pages: the folders of `src/routes/(app)`. */
export const DASHBOARD = [
  ...['home', 'bookings', 'event-types', 'availability', 'contacts', 'settings', 'mails', 'getting-started'],
] as const

/** @param path of an address, such as `/bookings/upcoming` */
export function isDashboard(path: string): boolean {
  const first = path.split('/')[1]
  return DASHBOARD.some((one) => one === first)
}
