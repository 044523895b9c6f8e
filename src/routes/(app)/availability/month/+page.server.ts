import { Temporal } from 'temporal-polyfill'
import { type AskedStart, askedStartOf, explainStart, monthPicture } from '#features/availability/explained/queries.ts'
import { loadOffer } from '#features/availability/queries.ts'
import type { Offer } from '#features/availability/types.ts'
import { eventTypeChoices } from '#features/event-types/listing/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { type UserScope, userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals: { ctx }, url: { searchParams } }) => {
  const scope = userScope(ctx)
  const eventTypes = (await eventTypeChoices(ctx.db, scope)).map(({ id, title, durations }) => ({
    id,
    title,
    durations,
  }))
  const code = searchParams.get('code')
  const asked = askedIn(ctx, code, eventTypes)
  const type = asked?.eventTypeId ?? idOf(searchParams.get('type'))
  const chosen = eventTypes.find(({ id }) => id === type) ?? eventTypes[0]
  const offer = chosen && (await loadOffer(ctx.db, { eventTypeId: chosen.id }))
  if (!chosen || !offer) return { eventTypes, picture: null, unknownCode: false }
  const wished = asked?.duration ?? Number(searchParams.get('duration'))
  const duration = chosen.durations.includes(wished) ? wished : (chosen.durations[0] as number)
  const { timeZone } = offer.hours
  const now = ctx.clock.now()
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate().toString()
  const at = asked && Temporal.Instant.fromEpochMilliseconds(asked.start).toZonedDateTimeISO(timeZone)
  const day = at ? at.toPlainDate().toString() : dateOf(searchParams.get('day'))
  const month = day?.slice(0, 7) ?? monthOf(searchParams.get('month')) ?? today.slice(0, 7)
  const time = at ? at.toPlainTime().toString({ smallestUnit: 'minute' }) : timeOf(searchParams.get('time'))
  return {
    eventTypes,
    unknownCode: code !== null && asked === null,
    picture: {
      ...{ type: chosen.id, duration, timeZone, today, month, day, time, now: now.epochMilliseconds },
      days: await monthPicture(ctx, offer, duration, month),
      why: day && time ? await whyAt(ctx, scope, { offer, duration, at: `${day}T${time}` }) : null,
    },
  }
}

/** The start that a visitor's code is about, if it is of one of the host's event types. */
function askedIn(ctx: Ctx, code: string | null, eventTypes: readonly { id: number }[]): AskedStart | null {
  const asked = code === null ? null : askedStartOf(ctx, code)
  return asked && eventTypes.some(({ id }) => id === asked.eventTypeId) ? asked : null
}

async function whyAt(
  ctx: Ctx,
  scope: UserScope,
  { offer, duration, at }: { offer: Offer; duration: number; at: string },
) {
  const start = Temporal.PlainDateTime.from(at).toZonedDateTime(offer.hours.timeZone).epochMilliseconds
  return { start, ...(await explainStart(ctx, scope, offer, duration, start)) }
}

function dateOf(text: string | null): string | null {
  if (text === null || !/^20\d\d-\d\d-\d\d$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch (reason) {
    if (reason instanceof RangeError) return null
    throw reason
  }
}

const monthOf = (text: string | null) => (text !== null && /^20\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : null)
const timeOf = (text: string | null) => (text !== null && /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : null)
