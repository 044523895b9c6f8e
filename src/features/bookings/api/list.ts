import { z } from 'zod'
import { invalidInput } from '#platform/errors.ts'
import { canonicalMailAddress } from '#platform/fields.ts'
import { openCursor, paginationOf } from '#platform/http/api/pages.ts'
import { defineApiRoute } from '#platform/http/api/route.ts'
import { userScope } from '#platform/scope.ts'
import { pageOfBookings } from '../listing/queries.ts'
import type { Listing, ListingCursor, OrderBy } from '../listing/types.ts'
import { formerBookings } from './former.ts'
import { presented } from './queries.ts'
import { type BookingsQuery, bookingsQuery } from './requests.ts'
import { oneBooking } from './schema.ts'
import { listVersions } from './versions.ts'

export const listBookingsRoute = defineApiRoute({
  tag: 'Bookings',
  versions: listVersions,
  method: 'get',
  path: '/bookings',
  operationId: 'getBookings',
  summary: 'Bookings of a host',
  description: `And those they host with others. Filters narrow together. Sorted by the start unless something else is asked for: what is ahead with
the soonest first, everything else with the latest first; of several orders, \`sortStart\` comes first, then \`sortEnd\`, \`sortCreated\` and
\`sortUpdatedAt\`. To keep up with changes, go through \`sortUpdatedAt=asc\` by \`cursor\`.

In version 2024-04-15, \`filters[status]\`, \`limit\` and \`cursor\`, which is a number, are all that can be sent.`,
  access: 'BOOKING_READ',
  query: bookingsQuery,
  data: z.array(oneBooking),
  olderData: [formerBookings],
  paged: true,
  async run(ctx, { query }) {
    const order = orderOf(query)
    const after = query.cursor === undefined ? undefined : cursorOf(query.cursor, order)
    const listing = { ...listingOf(query), order, after, take: query.take, skip: after ? 0 : query.skip }
    const { bookings, total, before, next } = await pageOfBookings(ctx, userScope(ctx), listing)
    const page = { total, returned: bookings.length, skip: before, take: query.take }
    return {
      data: await presented(ctx, bookings),
      pagination: paginationOf({ ...page, next: next && [nameOf(order), next.values.join(' '), next.id] }),
    }
  },
})

function listingOf(query: BookingsQuery): Omit<Listing, 'order' | 'after' | 'take' | 'skip'> {
  const { status = [], attendeeName: name, bookingUid: uid, eventTypeId, eventTypeIds } = query
  const both = [...(eventTypeIds ?? []), ...(eventTypeId === undefined ? [] : [eventTypeId])]
  return {
    kinds: [...new Set(status)],
    ...{ name: name?.trim() || undefined, uid, email: emailOf(query.attendeeEmail) },
    eventTypeIds: both.length > 0 ? both : undefined,
    from: { start: query.afterStart, created: query.afterCreatedAt, updated: query.afterUpdatedAt },
    until: { end: query.beforeEnd, created: query.beforeCreatedAt, updated: query.beforeUpdatedAt },
  }
}

function emailOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const email = canonicalMailAddress(text)
  if (email === null) throw invalidInput([{ path: 'attendeeEmail', code: 'email_invalid', message: 'email_invalid' }])
  return email
}

const AHEAD: ReadonlySet<string> = new Set(['upcoming', 'recurring', 'unconfirmed'])

function orderOf({ status = [], sortStart, sortEnd, sortCreated, sortUpdatedAt }: BookingsQuery): OrderBy[] {
  const asked = { start: sortStart, end: sortEnd, created: sortCreated, updated: sortUpdatedAt }
  const order = (['start', 'end', 'created', 'updated'] as const).flatMap((by) => {
    const direction = asked[by]
    return direction ? [{ by, direction }] : []
  })
  if (order.length > 0) return order
  const ahead = status.length > 0 && status.every((kind) => AHEAD.has(kind))
  return [{ by: 'start', direction: ahead ? 'asc' : 'desc' }]
}

const nameOf = (order: readonly OrderBy[]) => order.map(({ by, direction }) => `${by} ${direction}`).join()

/** A cursor means something in the order that it came from. @throws invalid_input in another one */
function cursorOf(cursor: string, order: readonly OrderBy[]): ListingCursor {
  const shape = z.tuple([z.literal(nameOf(order)), z.string(), z.number().int().positive()])
  const [, texts, id] = openCursor(cursor, shape)
  const values = texts.split(' ')
  const fits = values.length === order.length && values.every((text) => INSTANT.safeParse(text).success)
  if (!fits) throw invalidInput([{ path: 'cursor', code: 'field_invalid', message: 'not a cursor' }])
  return { values, id }
}

const INSTANT = z.iso.datetime({ offset: true })
