import { redirect } from '@sveltejs/kit'
import { explainOf, NOTHING_TAKEN } from '#features/availability/offer.ts'
import { loadOffer } from '#features/availability/queries.ts'
import { reasonTexts } from '#features/availability/ui/reasons.ts'
import { answerByLink } from '#features/bookings/answering/links/commands.ts'
import { closingOf, GUESSING } from '#features/bookings/answering/links/rules.ts'
import type { Asked, Closing } from '#features/bookings/answering/links/types.ts'
import { answersFor, bookerOf } from '#features/bookings/entries/types.ts'
import { bookingHistory, offerKeyBehind } from '#features/bookings/queries.ts'
import { shownCompanions } from '#features/bookings/seats/party/rules.ts'
import type { Ctx } from '#platform/ctx.ts'
import { formAction } from '#platform/http/kit.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { formatDayTime } from '#ui/dates.ts'
import { askedOf } from '../../answer.server.ts'
import { keepSecret } from '../../booking.server.ts'
import { facePlate } from '../../face.server.ts'
import type { Actions, PageServerLoad } from './$types'

/** Opening the link changes nothing, since programs that look through mails open links too. */
export const load: PageServerLoad = async (event) => {
  keepSecret(event)
  const { ctx } = event.locals
  const asked = await askedOf(event)
  const shown = asked?.open[0] ?? asked?.bookings[0]
  if (!asked || !shown) {
    await ctx.rateLimiter.consume(GUESSING, ctx.clientAddress)
    return { asked: null }
  }
  const { host, open, bookings, link } = asked
  const now = ctx.clock.now().epochMilliseconds
  const booker = bookerOf(shown)
  const style = styleOf(asked)
  return {
    face: facePlate(event, host),
    asked: {
      ...{ style, uid: shown.uid, title: shown.title, closing: open.length > 0 ? null : asked.closing },
      dates: bookings.map((booking) => ({
        ...{ uid: booking.uid, start: booking.start.epochMilliseconds, end: booking.end.epochMilliseconds },
        closing: closingOf(booking, link, now),
      })),
      open: open.length,
      booker: { name: booker.name, email: booker.email },
      guests: shown.attendees.filter(({ kind }) => kind === 'guest').map(({ email }) => email),
      others: shown.coHosts.filter(({ id }) => id !== host.id).map(({ name }) => name),
      quantity: booker.quantity,
      companions: shownCompanions(booker.companions, true),
      location: shown.location,
      notes: shown.notes,
      answers: answersFor(shown, 'host'),
      reason: shown.reason,
      since: open.length > 0 || bookings.length > 1 ? null : await closedAt(ctx, asked),
      against: open.length > 0 ? await standsAgainst(ctx, asked) : [],
      until: formatDayTime(Math.min(link.until * 1000, ...open.map(({ start }) => start.epochMilliseconds)), style),
      declining: event.url.searchParams.has('decline'),
    },
  }
}

export const actions: Actions = {
  confirm: (event) => formAction(event, () => answered(event, { answer: 'confirm' })),
  reject: (event) =>
    formAction(event, (form) => answered(event, { answer: 'reject', reason: form.get('reason') ?? '' })),
}

async function answered({ locals, params }: { locals: App.Locals; params: { token: string } }, answer: object) {
  await answerByLink(locals.ctx, params.token, answer)
  redirect(303, `/answer/${params.token}`)
}

/** As the mail has it. */
function styleOf({ host }: Asked) {
  return { locale: host.locale, hourCycle: host.hourCycle, timeZone: host.timeZone }
}

/** Events that close a request. */
const CLOSED_BY: Partial<Record<Closing, string>> = {
  confirmed: 'booking.confirmed',
  rejected: 'booking.rejected',
  cancelled: 'booking.cancelled',
  called_off: 'booking.cancelled',
  another_time: 'booking.another_time_requested',
  moved: 'booking.move_requested',
}

async function closedAt({ db }: Ctx, asked: Asked): Promise<string | null> {
  const [booking] = asked.bookings
  const event = CLOSED_BY[asked.closing]
  if (!booking || !event) return null
  const last = (await bookingHistory(db, booking)).findLast(({ name }) => name === event)
  return last ? formatDayTime(Date.parse(last.at), styleOf(asked)) : null
}

/** What of the host's own has come between: days off, holidays, other hours. Other bookings cannot, since the time has been kept. */
async function standsAgainst(ctx: Ctx, asked: Asked): Promise<{ when: string; text: string }[]> {
  const [first] = asked.open
  const key = first && offerKeyBehind(first)
  const offer = key && (await loadOffer(ctx.db, key))
  if (!offer) return []
  const style = styleOf(asked)
  const t = translatorFor(ctx.locale)
  return asked.open.flatMap(({ start, end }) => {
    const [from, to] = [start.epochMilliseconds, end.epochMilliseconds]
    const { hosts, ...rest } = explainOf(offer, (to - from) / 60_000, NOTHING_TAKEN, 0, from)
    const own = hosts.filter(({ host }) => host === String(asked.host.id))
    const told = own.map((one) => ({
      ...one,
      reasons: one.reasons.filter(({ code }) => code === 'away' || code === 'outsideHours'),
    }))
    const texts = reasonTexts({ ...rest, reasons: [], hosts: told }, { t, style, bookings: [] })
    return texts.map(({ text }) => ({ when: formatDayTime(from, style), text }))
  })
}
