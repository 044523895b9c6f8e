import { redirect } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { requireSession } from '#app/session.ts'
import { arrangementQuery, askedList, listQuery, SORTS, usualSort } from '#features/bookings/arrangement/schema.ts'
import { queryOf } from '#features/bookings/filters/schema.ts'
import { listPresets } from '#features/bookings/notes/presets/queries.ts'
import { type BookingCursor, countUnconfirmed, listBookings } from '#features/bookings/queries.ts'
import type { Booking } from '#features/bookings/types.ts'
import { BOOKING_TABS } from '#features/bookings/types.ts'
import { factsOf } from '#features/bookings/ui/dashboard/facts.ts'
import { daysOf, undatedOf } from '#features/bookings/ui/dashboard/views.ts'
import { deleteView, renameView, restoreView, saveView } from '#features/bookings/views/commands.ts'
import { listViews } from '#features/bookings/views/queries.ts'
import { eventTypeChoices } from '#features/event-types/listing/queries.ts'
import { AppError } from '#platform/errors.ts'
import { formAction } from '#platform/http/kit.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { userScope } from '#platform/scope.ts'
import { idOf } from '../../form-json.ts'
import { readingOf } from '../reading.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { ctx } = locals
  const tab = BOOKING_TABS.find((known) => known === params.tab)
  if (!tab) throw new AppError('page_not_found', 'not_found')
  const scope = userScope(ctx)
  const now = ctx.clock.now()
  const after = cursorOf(url.searchParams.get('after'))
  const asked = askedList(url.searchParams, tab)
  const { filters, arrangement } = asked
  const { sort, columns, size } = arrangement
  const byStart = SORTS[sort].by === 'start'
  const { timeZone, hourCycle } = requireSession(locals).account
  const [page, unconfirmed, views, eventTypes, presets] = await Promise.all([
    listBookings(ctx.db, scope, { tab, now, after, narrowed: { filters, timeZone }, sort, size }),
    countUnconfirmed(ctx.db, scope, now),
    listViews(ctx.db, scope),
    eventTypeChoices(ctx.db, scope),
    listPresets(ctx.db, scope),
  ])
  const query = listQuery(asked)
  const t = translatorFor(ctx.locale)
  const wording = { locale: ctx.locale, timeZone, hourCycle, yes: t('ui.yes'), no: t('ui.no') }
  // Whoever goes by when something was booked sees when that was.
  const told = byStart ? columns : [...columns, 'booked' as const]
  const reading = { ...readingOf(ctx), factsOf: (booking: Booking) => factsOf(booking, told, wording) }
  return {
    ...{ tab, tabs: BOOKING_TABS, unconfirmed, filters, arrangement, query, presets },
    ...{
      filterQuery: queryOf(filters),
      arrangementQuery: arrangementQuery(arrangement, tab),
      usualSort: usualSort(tab),
    },
    views: views.map(({ id, name, ...view }) => ({ id, name, href: listPath(view.tab, view.query) })),
    href: listPath(tab, query),
    eventTypes: eventTypes.map(({ id, title }) => ({ id, title })),
    days: (byStart ? daysOf : undatedOf)(page.bookings, reading),
    next: page.next && `?${[query, `after=${page.next.at}_${page.next.id}`].filter(Boolean).join('&')}`,
    continued: after !== undefined,
  }
}

function listPath(tab: string, query: string): string {
  return `/bookings/${tab}${query === '' ? '' : `?${query}`}`
}

/** A cursor that was not made here is none: the list begins at its beginning. */
function cursorOf(text: string | null): BookingCursor | undefined {
  const [, at = '', id = ''] = /^([\dTZ:.+-]{20,40})_(\d{1,15})$/.exec(text ?? '') ?? []
  if (!id) return undefined
  try {
    return { at: Temporal.Instant.from(at).toString(), id: Number(id) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export const actions: Actions = {
  saveView: (event) =>
    formAction(event, async (form) => {
      const { name, tab, query } = Object.fromEntries(form)
      await saveView(event.locals.ctx, { name, tab, query })
      redirect(303, backTo(form))
    }),
  renameView: (event) =>
    formAction(event, async (form) => {
      await renameView(event.locals.ctx, { id: idOf(form.get('id')), name: form.get('name') })
      redirect(303, backTo(form))
    }),
  deleteView: (event) =>
    formAction(event, async (form) => {
      const { key } = await deleteView(event.locals.ctx, { id: idOf(form.get('id')) })
      return { deleted: key }
    }),
  restoreView: (event) =>
    formAction(event, async (form) => {
      await restoreView(event.locals.ctx, { key: form.get('key') })
      return { restored: true }
    }),
}

/** Only lists of bookings are gone back to. */
function backTo(form: FormData): string {
  const [tab, query = ''] = String(form.get('back')).replace('/bookings/', '').split('?')
  const known = BOOKING_TABS.find((one) => one === tab) ?? 'upcoming'
  return listPath(known, listQuery(askedList(new URLSearchParams(query), known)))
}
