import { hashToken } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { AppError } from '#platform/errors.ts'
import { isoInstant } from '#platform/http/api/fields.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute, type UsedKey } from '#platform/http/api/route.ts'
import { mayUse } from '#platform/http/api/scopes.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { explainDay, explainPublicly, explainStart } from '../explained/queries.ts'
import { publicDayReasons } from '../explained/rules.ts'
import type { OfferKey } from '../queries.ts'
import { listSeats, nearestStarts } from '../starts/queries.ts'
import type { Own } from '../taken/queries.ts'
import type { Offer } from '../types.ts'
import { isBehind, offerAsked } from './address.ts'
import { presentedAvailable, presentedDayReasons, presentedReasons, presentedSlots } from './present.ts'
import {
  availableQuery,
  availableSlots,
  explanation,
  explanationQuery,
  type SlotsQuery,
  slotsByDate,
  slotsQuery,
  type When,
  type WireExplanation,
  type WireSlots,
} from './schema.ts'
import { dayAsked, spanAsked } from './span.ts'
import { slotVersions } from './versions.ts'

const MOST_ALTERNATIVES = 6
const ASKED = { name: 'why-asked', attempts: 30, seconds: 60 }

/** A booking that is to be moved: what it was made from, whose time does not count as taken, and how long it is. */
export interface Moving {
  key: OfferKey | null
  own: Own
  minutes: number
}

/** Bookings rank above availability, so what finds one is given by whoever puts the API together. Null when there is none. */
type MovingOf = (ctx: Ctx, uid: string) => Promise<Moving | null>

const tag = 'Slots'
/** What fields are called in the version 2024-04-15. */
const NAMES_BEFORE = { start: 'startTime', end: 'endTime', username: 'usernameList', usernames: 'usernameList' }

const list = (movingOf: MovingOf) =>
  defineApiRoute({
    ...{ method: 'get', path: '/slots', operationId: 'getAvailableSlots', tag },
    summary: 'Free slots',
    description:
      'Of an event type by `eventTypeId`, or by `username` and `eventTypeSlug`, or of several hosts by `usernames`. What is listed can be booked. `/v2/slots/explanation` says why there is none.',
    access: 'public',
    versions: slotVersions,
    query: slotsQuery,
    data: slotsByDate,
    refusals: ['event_type_not_found', 'booking_not_found', 'duration_not_offered'],
    run: async (ctx, { query, key }) => ({ data: await slotsFor(ctx, key, query, movingOf) }),
  })

const listAsBefore = (movingOf: MovingOf) =>
  defineApiRoute({
    ...{ method: 'get', path: '/slots/available', operationId: 'getSlotsAvailable', tag },
    summary: 'Free slots, as they were asked for before',
    description: 'For clients of the version 2024-04-15. New ones ask `/v2/slots`.',
    access: 'public',
    versions: UNVERSIONED,
    query: availableQuery,
    data: availableSlots,
    refusals: ['event_type_not_found', 'booking_not_found', 'duration_not_offered'],
    async run(ctx, { query, key }) {
      const { usernameList, orgSlug, startTime, endTime, slotFormat, rescheduleUid, ...same } = query
      const [username, ...others] = usernameList ?? []
      const hosts = others.length === 0 ? { username } : { usernames: usernameList }
      const asked = { ...same, ...hosts, organizationSlug: orgSlug, start: startTime, end: endTime, format: slotFormat }
      const found = slotsFor(ctx, key, { ...asked, bookingUidToReschedule: rescheduleUid }, movingOf)
      const slots = await inWireNames(NAMES_BEFORE, found)
      return { data: presentedAvailable(slots) }
    },
  })

const explain = defineApiRoute({
  ...{ method: 'get', path: '/slots/explanation', operationId: 'explainSlot', tag },
  summary: 'Why there is a slot, or none',
  description:
    'Visitors get one word for each reason: `past`, `soon`, `beyond`, `away`, `closed`, `start` or `taken`. A key of the host that reads bookings gets everything.',
  access: 'public',
  versions: slotVersions,
  query: explanationQuery,
  data: explanation,
  refusals: ['event_type_not_found', 'duration_not_offered'],
  async run(ctx, { query, key }) {
    const offer = await offerAsked(ctx, query)
    const own = isOwn(ctx, key, offer)
    if (!own) await ctx.rateLimiter.consume(ASKED, ctx.clientAddress)
    const duration = query.duration ?? (offer.eventType.durations[0] as number)
    return { data: await explained(ctx, offer, { start: query.start, timeZone: query.timeZone, duration, own }) }
  },
})

type Asked = Omit<SlotsQuery, 'teamSlug'>

const ownHold = ({ reservationUid: uid }: Asked): Own => (uid === undefined ? {} : { holdTokenHash: hashToken(uid) })

async function slotsFor(ctx: Ctx, key: UsedKey | null, asked: Asked, movingOf: MovingOf): Promise<WireSlots> {
  const { timeZone = 'UTC', format, bookingUidToReschedule: uid } = asked
  const span = spanAsked(asked, timeZone, ctx.clock.now().epochMilliseconds)
  const offer = await offerAsked(ctx, asked)
  const moving = uid === undefined ? null : await movedWithin(ctx, offer, uid, movingOf)
  const { durations } = offer.eventType
  const usual = moving && durations.includes(moving.minutes) ? moving.minutes : (durations[0] as number)
  const duration = asked.duration ?? usual
  const found = await listSeats(ctx, offer, duration, span, {
    ...moving?.own,
    ...ownHold(asked),
    timeZone: asked.timeZone,
  })
  return presentedSlots({ offer, found, duration, timeZone, range: format === 'range', own: isOwn(ctx, key, offer) })
}

/** @throws booking_not_found also for what was made from something else */
async function movedWithin(ctx: Ctx, offer: Offer, uid: string, movingOf: MovingOf): Promise<Moving> {
  const moving = await movingOf(ctx, uid)
  if (!moving?.key || !isBehind(offer, moving.key)) throw new AppError('booking_not_found', 'not_found')
  return moving
}

/** Whether a key of the only host asks, and reads bookings. */
function isOwn({ actor }: Ctx, key: UsedKey | null, { host, coHosts }: Offer): boolean {
  const isHost = actor.kind === 'user' && actor.userId === host.id && coHosts.length === 0
  return isHost && key !== null && mayUse(key.scopes, 'BOOKING_READ')
}

async function explained(
  ctx: Ctx,
  offer: Offer,
  { start, timeZone, duration, own }: { start: When; timeZone: string | undefined; duration: number; own: boolean },
): Promise<WireExplanation> {
  const visitor: Own = { timeZone }
  const told = 'at' in start ? await startTold(start.at) : await dayTold(start.date)
  const wanted = 'at' in start ? start.at : dayAsked(start.date, timeZone ?? 'UTC').start
  const near = told.offered ? [] : await nearestStarts(ctx, offer, duration, wanted, MOST_ALTERNATIVES, visitor)
  return { ...told, alternatives: near.map(isoInstant) }

  async function startTold(at: number) {
    if (!own) {
      const { offered, reasons } = await explainPublicly(ctx, offer, duration, at, visitor)
      return { offered, reasons: reasons.map((code) => ({ code })) }
    }
    const all = await explainStart(ctx, userScope(ctx), offer, duration, at)
    return { offered: all.explanation.offered, reasons: presentedReasons(all, offer.host.username) }
  }

  async function dayTold(date: string) {
    const picture = await explainDay(ctx, offer, duration, { date, ...dayAsked(date, timeZone ?? 'UTC') }, visitor)
    const reasons = own ? presentedDayReasons(picture) : publicDayReasons(picture).map((code) => ({ code }))
    return { offered: picture.starts.length > 0, reasons }
  }
}

export const slotRoutes = (movingOf: MovingOf): readonly ApiRoute[] => [list(movingOf), listAsBefore(movingOf), explain]
