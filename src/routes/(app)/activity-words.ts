import type { Activity } from '#features/accounts/audit/types.ts'
import type { MessageKey, Translate } from '#platform/i18n/messages.ts'
import { type DateStyle, formatShort } from '#ui/dates.ts'

/** What a sentence of the log is made of besides the event. */
export interface Telling {
  /** Who reads it. */
  readerId: number
  /** What it happened to, where it still is. */
  title: string | undefined
  style: DateStyle
}

/** A line of the log in words, such as: You changed the event type “Intro”. */
export function sentenceOf(t: Translate, fact: Activity, { readerId, title, style }: Telling): string {
  const { actor, owner, noun, payload } = fact
  const mine = actor.kind === 'user' && actor.id === readerId
  return told(t, fact.name, {
    ...scalars(payload),
    by: mine ? 'you' : 'other',
    who: whoOf(t, fact),
    thing: thingOf(t, noun, title),
    whom: owner === null ? 'nobody' : owner.id === readerId ? 'you' : 'other',
    owner: owner?.name ?? t('audit.who.gone'),
    from: typeof payload.fromStart === 'number' ? formatShort(payload.fromStart, style) : '',
    to: 'none',
  })
}

/** How it was done, such as: by API key. */
export function viaOf(t: Translate, { actor }: Pick<Activity, 'actor'>): string {
  if (actor.kind === 'visitor') return t('audit.via.visitor')
  if (actor.kind === 'system') return t(actor.via === 'command_line' ? 'audit.via.command_line' : 'audit.via.system')
  return t(`audit.via.${actor.via === 'api_key' || actor.via === 'mail_link' ? actor.via : 'session'}`)
}

/** Something that happened to a booking, as its page has it. */
interface BookingFact {
  name: string
  by: 'host' | 'attendee' | 'system'
  from: string
  to: string
}

/** The same sentence on the page of the booking itself, which need not say which one. @param who the booker's name */
export function bookingSentenceOf(t: Translate, { name, by, from, to }: BookingFact, who: string): string {
  return told(t, name, {
    by: by === 'host' ? 'you' : 'other',
    who: by === 'system' ? t('audit.who.system') : who,
    thing: t('audit.thing.here'),
    from,
    to: to || 'none',
  })
}

/** Events of another version of Sundial may have no sentence here. */
function told(t: Translate, event: string, values: Record<string, string | number>): string {
  const key = `audit.${event}`
  const text = t(key as MessageKey, values)
  return text === key ? t('audit.changed') : text
}

function whoOf(t: Translate, { actor }: Activity): string {
  if (actor.kind === 'visitor') return t('audit.who.visitor')
  if (actor.kind === 'system') return t(actor.via === 'command_line' ? 'audit.who.command_line' : 'audit.who.system')
  return actor.name ?? t('audit.who.gone')
}

const THINGS = new Set(['booking', 'event-type', 'schedule', 'api-key', 'series'])

function thingOf(t: Translate, noun: string, title: string | undefined): string {
  if (!THINGS.has(noun)) return ''
  return t(`audit.thing.${noun}` as MessageKey, { named: title === undefined ? 'no' : 'yes', title: title ?? '' })
}

function scalars(payload: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(payload).filter((pair): pair is [string, string | number] => /string|number/.test(typeof pair[1])),
  )
}
