import { bookerBehind, bookingsOfBooker, type OwnCursor } from '#features/bookings/booker-links/queries.ts'
import { formatDayTime, formatTime } from '#ui/dates.ts'
import { keepSecret } from '../../booking.server.ts'
import { habitsOfVisitor } from '../../visitor.server.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const { locals, params, url, request, cookies } = event
  const { ctx } = locals
  const booker = await bookerBehind(ctx, params.token)
  if (!booker) return { list: null }
  const ahead = url.searchParams.get('past') === null
  const after = cursorOf(url.searchParams.get('after'))
  const { entries, next } = await bookingsOfBooker(ctx, booker.email, { ahead, after })
  const { locale, hourCycle } = habitsOfVisitor(ctx.locale, request.headers.get('accept-language'), cookies)
  // Each in the zone it was booked in: that is where its booker was.
  const timeZone = entries[0]?.timeZone ?? 'UTC'
  return {
    list: {
      email: booker.email,
      ...{ ahead, continued: after !== null },
      until: formatTime(booker.expiresAt.epochMilliseconds, { locale, hourCycle, timeZone }),
      entries: entries.map((entry) => ({
        ...entry,
        when: formatDayTime(entry.start, { locale, hourCycle, timeZone: entry.timeZone }),
      })),
      path: url.pathname,
      next: next && `?${new URLSearchParams({ ...(!ahead && { past: '' }), after: `${next.start}_${next.id}` })}`,
    },
  }
}

/** What is none begins at the beginning. */
function cursorOf(text: string | null): OwnCursor | null {
  const [, start, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)_(\d{1,15})$/.exec(text ?? '') ?? []
  return start && id && !Number.isNaN(Date.parse(start)) ? { start, id: Number(id) } : null
}
