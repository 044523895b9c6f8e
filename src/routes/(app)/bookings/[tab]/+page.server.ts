import { redirect } from '@sveltejs/kit'
import { Temporal } from 'temporal-polyfill'
import { requireSession } from '#app/session.ts'
import {
  arrangementQuery,
  askedList,
  listPath,
  listQuery,
  SORTS,
  usualSort,
} from '#features/bookings/arrangement/schema.ts'
import { queryOf } from '#features/bookings/filters/schema.ts'
import { listPresets } from '#features/bookings/notes/presets/queries.ts'
import { type BookingCursor, countUnconfirmed, listBookings } from '#features/bookings/queries.ts'
import { BOOKING_TABS, type Booking } from '#features/bookings/types.ts'
import { factsOf } from '#features/bookings/ui/dashboard/facts.ts'
import { daysOf, undatedOf } from '#features/bookings/ui/dashboard/views.ts'
import {
  deleteView,
  preferView,
  renameView,
  restoreView,
  saveView,
  updateView,
} from '#features/bookings/views/commands.ts'
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
  const chosen = idOf(url.searchParams.get('view'))
  const view = views.find(({ id }) => id === chosen) ?? views.find((one) => one.tab === tab && one.query === query)
  const inView = (part: string) => joined(part, view && `view=${view.id}`)
  const t = translatorFor(ctx.locale)
  const wording = { locale: ctx.locale, timeZone, hourCycle, yes: t('ui.yes'), no: t('ui.no') }
  // Whoever goes by when something was booked sees when that was.
  const told = byStart ? columns : [...columns, 'booked' as const]
  const reading = { ...readingOf(ctx), factsOf: (booking: Booking) => factsOf(booking, told, wording) }
  return {
    ...{ tab, tabs: BOOKING_TABS, unconfirmed, filters, arrangement, query, presets },
    ...{ usualSort: usualSort(tab), isNarrowed: queryOf(filters) !== '' },
    // What each of two forms must not lose of the other.
    ...{ keptBySearch: inView(arrangementQuery(arrangement, tab)), keptByOrder: inView(queryOf(filters)) },
    views: views.map(({ tab: list, query: of, ...one }) => ({
      ...one,
      href: listPath({ tab: list, query: of }, one.id),
    })),
    view: view ? { id: view.id, changed: view.tab !== tab || view.query !== query } : null,
    ...{ search: inView(query), href: listPath({ tab, query }, view?.id) },
    eventTypes: eventTypes.map(({ id, title }) => ({ id, title })),
    days: (byStart ? daysOf : undatedOf)(page.bookings, reading),
    next: page.next && `?${joined(inView(query), `after=${page.next.at}_${page.next.id}`)}`,
    continued: after !== undefined,
  }
}

const joined = (...parts: (string | undefined)[]) => parts.filter(Boolean).join('&')

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
      const list = listOf(event)
      const { id } = await saveView(event.locals.ctx, { ...list, name: form.get('name') })
      redirect(303, listPath(list, id))
    }),
  updateView: (event) =>
    formAction(event, async (form) => {
      const [list, id] = [listOf(event), idOf(form.get('id'))]
      await updateView(event.locals.ctx, { ...list, id })
      redirect(303, listPath(list, id))
    }),
  renameView: (event) =>
    formAction(event, async (form) => {
      const id = idOf(form.get('id'))
      await renameView(event.locals.ctx, { id, name: form.get('name') })
      redirect(303, listPath(listOf(event), id))
    }),
  preferView: (event) =>
    formAction(event, async (form) => {
      const id = idOf(form.get('id'))
      await preferView(event.locals.ctx, { id, preferred: form.get('preferred') === 'yes' })
      redirect(303, listPath(listOf(event), id))
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

/** The list that a form was sent from, which its address says. */
function listOf({ params, url }: { params: { tab: string }; url: URL }): { tab: string; query: string } {
  const tab = BOOKING_TABS.find((known) => known === params.tab) ?? 'upcoming'
  return { tab, query: listQuery(askedList(url.searchParams, tab)) }
}
