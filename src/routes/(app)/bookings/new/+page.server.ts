import { redirect } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { requireSession } from '#app/session.ts'
import { askedQuestion } from '#features/bookings/answers/types.ts'
import { bookOnBehalf } from '#features/bookings/on-behalf/commands.ts'
import { askedOnBehalf } from '#features/bookings/on-behalf/rules.ts'
import { detailPath } from '#features/bookings/ui/dashboard/forms.ts'
import { answersIn, companionsIn, fieldsIn } from '#features/bookings/ui/typed.ts'
import { eventTypeChoices, partyQuestions } from '#features/event-types/listing/queries.ts'
import { formAction } from '#platform/http/kit.ts'
import { LOCALE_NAMES, LOCALES } from '#platform/i18n/locale.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { zoneLabel } from '#ui/dates.ts'
import { idOf } from '../../form-json.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const { ctx } = locals
  const { timeZone, locale } = requireSession(locals).account
  const now = ctx.clock.now().epochMilliseconds
  const scope = userScope(ctx)
  const eventTypes = await eventTypeChoices(ctx.db, scope)
  const questions = await partyQuestions(ctx.db, scope)
  return {
    eventTypes: eventTypes.map(({ id, title, durations, seats, dates }) => ({
      ...{ id, title, duration: durations[0] ?? 30, seats, dates },
      questions: askedOnBehalf(questions.get(id) ?? []).map((question) =>
        // Nobody agrees for another: there is no policy among them.
        askedQuestion(question, { isAnswered: false, policyOf: () => ({ html: '', version: '' }) }),
      ),
    })),
    formTexts: messagesOf(locale, ['ui', 'booker']),
    languages: LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] })),
    ...{ timeZone, locale, now, zone: zoneLabel(timeZone, now) },
  }
}

export const actions: Actions = {
  default: (event) =>
    formAction(event, async (form) => {
      const { ctx } = event.locals
      const { timeZone } = requireSession(event.locals).account
      const fields = fieldsIn(form)
      const text = (name: string) => String(form.get(name) ?? '')
      const { uid } = await bookOnBehalf(ctx, {
        eventTypeId: idOf(form.get('eventType')),
        start: instantOf(text('date'), text('time'), timeZone),
        duration: Number(text('duration') || Number.NaN),
        ...(form.has('quantity') && { quantity: Number(text('quantity') || Number.NaN) }),
        ...{ companions: companionsIn(fields), answers: answersIn(fields) },
        ...(form.has('dates') && { dates: Number(text('dates') || Number.NaN) }),
        ...{ name: text('name'), email: text('email'), timeZone: text('timeZone'), locale: text('locale') },
        ...{ phone: text('phone'), place: text('place'), notes: text('notes'), reason: text('reason') },
        ...{ mails: form.has('mails'), anyway: form.has('anyway') },
      })
      redirect(303, detailPath(uid))
    }),
}

/** The moment of a wall time; empty when there is no such date or time. */
function instantOf(date: string, time: string, timeZone: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return ''
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).toInstant().toString()
  } catch (error) {
    if (error instanceof RangeError) return ''
    throw error
  }
}
