import { MOST_VERIFIED_EMAILS } from '#features/accounts/verified-emails/commands.ts'
import { listVerifiedEmails } from '#features/accounts/verified-emails/queries.ts'
import { loadOffer } from '#features/availability/queries.ts'
import { listStarts } from '#features/availability/starts/queries.ts'
import { updateEventType } from '#features/event-types/commands.ts'
import { findEventType } from '#features/event-types/queries.ts'
import type { EventTypeChange } from '#features/event-types/schema.ts'
import { scheduleNames } from '#features/schedules/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { formAction } from '#platform/http/kit.ts'
import { userScope } from '#platform/scope.ts'
import { idOf, jsonField } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

/** How far ahead the next times are looked for, and how many are shown. */
const AHEAD_MS = 60 * 86_400_000
const MOST_TIMES = 6

export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const scope = userScope(ctx)
  const eventType = await findEventType(ctx.db, scope, idOf(params.id))
  const [schedules, next, { emails }] = await Promise.all([
    scheduleNames(ctx.db, scope),
    nextTimes(ctx, eventType),
    listVerifiedEmails(ctx.db, scope, { take: MOST_VERIFIED_EMAILS }),
  ])
  const schedule = schedules.find((one) =>
    eventType.scheduleId === null ? one.isDefault : one.id === eventType.scheduleId,
  )
  const { organizerEmailId: chosen } = eventType
  const emailGone = chosen !== null && !emails.some(({ id }) => id === chosen)
  return {
    ...(emailGone ? { eventType: { ...eventType, organizerEmailId: null } } : { eventType }),
    ...{ schedules, emailGone, emails, next, isNew: url.searchParams.has('new') },
    timeZone: schedule?.timeZone ?? 'UTC',
    now: ctx.clock.now().epochMilliseconds,
  }
}

/** The times a visitor would be offered next, by the function that lists them. */
async function nextTimes(ctx: Ctx, { id, durations }: { id: number; durations: number[] }) {
  const offer = await loadOffer(ctx.db, { eventTypeId: id })
  const [duration] = durations
  if (!offer || duration === undefined) return null
  const start = ctx.clock.now().epochMilliseconds
  const starts = await listStarts(ctx, offer, duration, { start, end: start + AHEAD_MS })
  return { starts: starts.slice(0, MOST_TIMES), timeZone: offer.hours.timeZone }
}

export const actions: Actions = {
  save: (event) =>
    formAction(event, (form) => {
      const settings = jsonField(form, 'settings') as Omit<EventTypeChange, 'id' | 'version'>
      const version = String(form.get('version'))
      return updateEventType(event.locals.ctx, { ...settings, id: idOf(event.params.id), version })
    }),
}
