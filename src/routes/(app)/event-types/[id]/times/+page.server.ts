import { loadOffer } from '#features/availability/queries.ts'
import { listStarts } from '#features/availability/starts/queries.ts'
import { createPrivateLink } from '#features/event-types/links/commands.ts'
import { linkPath } from '#features/event-types/links/rules.ts'
import { oneOffOffer } from '#features/event-types/links/schema.ts'
import { findEventType } from '#features/event-types/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { addDays, isTimeZone, localDateOf, noonOf } from '#ui/dates.ts'
import { idOf, jsonField } from '../../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

const HOUR = 3_600_000
const WEEK = 7

/** A week of the times that visitors are offered, read in a zone of one's choice. */
export const load: PageServerLoad = async ({ locals: { ctx }, params, url }) => {
  const { id, title, slug, durations } = await findEventType(ctx.db, userScope(ctx), idOf(params.id))
  const offer = await loadOffer(ctx.db, { eventTypeId: id })
  const now = ctx.clock.now().epochMilliseconds
  const wished = url.searchParams.get('zone') ?? ''
  const timeZone = isTimeZone(wished) ? wished : (offer?.hours.timeZone ?? 'UTC')
  const today = localDateOf(now, timeZone)
  const asked = url.searchParams.get('from') ?? ''
  const from = /^2\d{3}-\d\d-\d\d$/.test(asked) && asked > today ? asked : today
  const length = Number(url.searchParams.get('duration'))
  const duration = durations.includes(length) ? length : (durations[0] as number)
  // The span holds the week in every zone; days outside of it are left away.
  const span = { start: noonOf(from) - 26 * HOUR, end: noonOf(addDays(from, WEEK)) + 26 * HOUR }
  const starts = offer ? await listStarts(ctx, offer, duration, span) : []
  const dates = Array.from({ length: WEEK }, (_, i) => addDays(from, i))
  const week = new Set(dates)
  return {
    ...{ id, title, slug, durations, duration, timeZone, now, from, dates },
    starts: starts.filter((start) => week.has(localDateOf(start, timeZone))),
    previous: from > today ? [today, addDays(from, -WEEK)].sort().at(-1) : null,
    next: addDays(from, WEEK),
    origin: ctx.config.url.origin,
  }
}

export const actions: Actions = {
  create: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const { starts, days, ...terms } = parseInput(oneOffOffer, jsonField(form, 'offer'))
      const { token, slug } = await createPrivateLink(ctx, {
        ...terms,
        eventTypeId: idOf(event.params.id),
        label: String(form.get('label') ?? ''),
        starts: starts.map((at) => new Date(at).toISOString()),
        expiresAt:
          days === null
            ? null
            : ctx.clock
                .now()
                .add({ hours: 24 * days })
                .toString(),
      })
      return { address: `${ctx.config.url.origin}${linkPath(token, slug)}` }
    }),
}
