import { address } from 'virtual:booker-island'
import type { RequestEvent } from '@sveltejs/kit'
import { addressOf, type BookerProps, type PlaceOption } from '#features/bookings/ui/booker.ts'
import { questionsWhen } from '#features/event-types/questions/types.ts'
import {
  type EventType,
  type EventTypeOptions,
  isShownToAll,
  LAYOUTS,
  type Layout,
  type Location,
  placeText,
} from '#features/event-types/types.ts'
import { uuidv7 } from '#platform/crypto.ts'
import type { Ctx } from '#platform/ctx.ts'
import { messagesOf } from '#platform/i18n/messages.ts'
import { formatBrief, formatDayTime } from '#ui/dates.ts'
import { questionsAsked } from './answers.server.ts'
import { askedState, clockOf, extraOf, isFixed, visitorZone, withTypedStart } from './asked.server.ts'
import { type Away, awayIn } from './away.server.ts'
import { noteSearch } from './empty-search.server.ts'
import { type Offered, withZone } from './offered.server.ts'
import { asksCode, refusalOf } from './refusal.server.ts'
import { alternativesTo, besideOf, firstDate, firstView, seriesAt } from './starts.server.ts'
import { bookerOf, bornOf, broughtAlong, valuesOf } from './values.server.ts'
import { habitsOfVisitor } from './visitor.server.ts'

export interface BookerPage {
  props: BookerProps
  /** Address of the script that takes the booker over. */
  island: string
  /** `?overlayCalendar=true`: what compares with a calendar of the visitor is open. */
  comparing: boolean
  lost: LostTime | null
  away: Away[]
}

export interface LostTime {
  time: string
  alternatives: { label: string; href: string }[]
}

interface BookerOptions {
  path: string
  moving?: BookerProps['moving']
}

/** Everything that the page of an offer shows beside the words of its host. */
export async function loadBooker(event: RequestEvent, offered: Offered, options: BookerOptions): Promise<BookerPage> {
  const { ctx } = event.locals
  const { eventType, host } = offered.offer
  const visitor = habitsOfVisitor(ctx.locale, event.request.headers.get('accept-language'), event.cookies)
  const now = ctx.clock.now().epochMilliseconds
  const zone = visitorZone(event, offered.offer)
  const choosingZone = event.url.searchParams.has('zones') && !isFixed(eventType.timeZoneLock)
  const query = withTypedStart(event)
  const durations = durationsOf(eventType.durations, options.moving)
  const layouts = layoutsOf(eventType.layouts)
  const asked = askedState(query, { zone: zone.timeZone, durations, now, layouts })
  const { state, slots, starts } = await firstView(ctx, offered, {
    ...asked,
    hourCycle: clockOf(event, visitor.hourCycle),
  })
  if (!asked.explicit) await noteSearch(event, offered.offer, starts[0] ?? slots.next)
  const refusal = refusalOf(ctx, event.locals.formProblem)
  const typed = event.locals.formProblem?.values ?? event.locals.typed
  const form = questionsAsked(
    questionsWhen(eventType.questions, Boolean(options.moving)),
    event.url.searchParams,
    typed,
  )
  const lost =
    state.slot !== null && !refusal && !starts.includes(state.slot)
      ? {
          start: state.slot,
          alternatives: await alternativesTo(ctx, withZone(offered, zone.timeZone), state.slot, state.duration),
        }
      : null

  const props: BookerProps = {
    locale: visitor.locale,
    texts: bookerTexts(ctx),
    mode: options.moving ? 'move' : 'book',
    path: options.path,
    extra: extraOf(event.url.searchParams),
    zoneInAddress: zone.asked,
    zoneGuessed: zone.guessed,
    zoneLocked: eventType.timeZoneLock !== null && !choosingZone,
    choosingZone,
    durations,
    places: eventType.locations.map(placeOf),
    questions: form.questions,
    splitName: eventType.splitName,
    asksCode: asksCode(event.locals.formProblem, eventType.verifyEmail),
    requiresConfirmation: eventType.requiresConfirmation,
    guests: eventType.guests && eventType.seats === null,
    recurrence: options.moving ? null : eventType.recurrence,
    series: await seriesAt(ctx, withZone(offered, zone.timeZone), options.moving ? null : state.slot, state.duration),
    seats: eventType.seats && {
      count: eventType.seats.count,
      shown: eventType.seats.showFree,
      most: eventType.seats.maxPerBooking,
    },
    preferred: eventType.preferred?.show ?? null,
    emailFixed: Boolean(offered.link?.person),
    hostName: offered.offer.coHosts.length > 0 ? eventType.title : host.name,
    weekStart: visitor.weekStart,
    state: lost ? { ...state, slot: null } : state,
    slots,
    beside: await besideOf(
      ctx,
      withZone(offered, zone.timeZone),
      { ...state, date: state.date ?? firstDate(starts, state) },
      visitor.weekStart,
    ),
    layouts,
    now,
    values: {
      ...valuesOf(
        broughtAlong(event.url.searchParams, offered, options.moving ? null : bookerOf(event, offered)),
        typed,
      ),
      answers: form.answers,
    },
    refusal,
    idempotencyKey: uuidv7(),
    born: bornOf(ctx, offered, typed),
    moving: options.moving ?? null,
  }
  return {
    props,
    island: address,
    comparing: event.url.searchParams.get('overlayCalendar') === 'true',
    lost: lost && lostTime(props, lost),
    away: awayIn(offered.offer, now, state.month, visitor.locale),
  }
}

/** The first is the one that is meant when none is named: a booking that is moved stays as long as it is. */
function durationsOf(offered: number[], moving: BookerProps['moving'] | undefined): number[] {
  const present = moving ? (moving.end - moving.start) / 60_000 : null
  if (present === null || !offered.includes(present)) return offered
  return [present, ...offered.filter((one) => one !== present)]
}

/** In the words of the page: a time that was asked for and is not to be had, and links to others near it. */
function lostTime(props: BookerProps, { start, alternatives }: { start: number; alternatives: number[] }): LostTime {
  const style = { ...props.state, locale: props.locale }
  return {
    time: formatDayTime(start, style),
    alternatives: alternatives.map((slot) => ({
      label: formatBrief(slot, style),
      href: addressOf(props, { ...props.state, slot }),
    })),
  }
}

/** The default first. */
function layoutsOf({ enabled, default: first }: EventTypeOptions['layouts']): Layout[] {
  return [first, ...LAYOUTS.filter((one) => one !== first && enabled.includes(one))]
}

/** What anybody may know of a place. */
function placeOf(location: Location): PlaceOption {
  const { kind, label = '' } = location
  const video = kind === 'link' && location.video
  return { kind, video, label, text: isShownToAll(location) ? placeText(location) : '' }
}

/** The one place there is, for the head of the page; null when one is chosen, or there is none. */
export function onlyPlace({ locations: [first, ...others] }: Pick<EventType, 'locations'>): PlaceOption | null {
  return first && others.length === 0 ? placeOf(first) : null
}

/** The texts that the island needs: its own, and two of the controls in it. */
function bookerTexts({ locale }: Ctx): Record<string, string> {
  const controls = Object.entries(messagesOf(locale, ['ui'])).filter(([key]) => /^ui\.(optional|noZone)$/.test(key))
  return { ...messagesOf(locale, ['booker']), ...Object.fromEntries(controls) }
}
