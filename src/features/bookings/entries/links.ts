/** What a calendar is told of a booking. Instants are epoch ms. */
export interface CalendarEntry {
  title: string
  start: number
  end: number
  details: string
  location: string
}

/** Addresses under which the big web calendars open a new entry, filled in. */
export function calendarLinks({ title, start, end, details, location }: CalendarEntry) {
  const compact = (at: number) => isoOf(at).replace(/[-:]/g, '')
  const google = new URLSearchParams({
    action: 'TEMPLATE',
    text: title,
    dates: `${compact(start)}/${compact(end)}`,
    details,
    location,
  })
  const microsoft = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: title,
    startdt: isoOf(start),
    enddt: isoOf(end),
    body: details,
    location,
  })
  return [
    { name: 'Google', href: `https://calendar.google.com/calendar/render?${google}` },
    { name: 'Outlook', href: `https://outlook.live.com/calendar/0/deeplink/compose?${microsoft}` },
    { name: 'Office 365', href: `https://outlook.office.com/calendar/0/deeplink/compose?${microsoft}` },
  ]
}

/** Whole seconds, as all of them read it. */
const isoOf = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
