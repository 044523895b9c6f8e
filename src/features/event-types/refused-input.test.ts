import { describe, expect, it } from 'vitest'
import { LOCALES } from '#platform/i18n/locale.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import { outcomeOf, useEventTypes } from '#test/event-types.ts'
import { createEventType, updateEventType } from './commands.ts'
import type { EventTypeChange } from './schema.ts'

const { at, read, list, made } = useEventTypes()

describe('input that is refused', () => {
  const circular = (depth: number): unknown => (depth === 0 ? [] : [circular(depth - 1)])
  const cases: [string, object, string][] = [
    ['no title', { title: '  ' }, 'title: field_required'],
    ['a title of a million characters', { title: 'x'.repeat(1e6) }, 'title: field_too_long'],
    ['a title with a line break', { title: 'a\nb' }, 'title: field_unreadable'],
    ['a title with NUL', { title: 'a\u0000b' }, 'title: field_unreadable'],
    ['half a surrogate', { description: '\ud800' }, 'description: field_unreadable'],
    ['a slug of dots', { slug: '..' }, 'slug: slug_invalid'],
    ['a slug with a slash', { slug: 'a/b' }, 'slug: slug_invalid'],
    ['an empty slug', { slug: '' }, 'slug: slug_invalid'],
    ['a description of a million characters', { description: 'x'.repeat(1e6) }, 'description: field_too_long'],
    ['no durations', { durations: [] }, 'durations: field_too_few'],
    ['a duration of nothing', { durations: [0] }, 'durations.0: field_too_small'],
    ['a duration of two days', { durations: [2880] }, 'durations.0: field_too_large'],
    ['half a minute', { durations: [0.5] }, 'durations.0: field_invalid'],
    ['a duration twice', { durations: [30, 30] }, 'durations: duration_twice'],
    ['21 durations', { durations: Array.from({ length: 21 }, (_, i) => i + 1) }, 'durations: field_too_many'],
    ['an unknown location', { locations: [{ kind: 'moon' }] }, 'locations.0.kind: field_invalid'],
    [
      'a script for a link',
      { locations: [{ kind: 'link', url: 'javascript:alert(1)', video: false }] },
      'locations.0.url: link_not_https',
    ],
    [
      'a link without https',
      { locations: [{ kind: 'link', url: 'http://example.org', video: false }] },
      'locations.0.url: link_not_https',
    ],
    [
      'words for a number',
      { locations: [{ kind: 'host_phone', phone: 'call me' }] },
      'locations.0.phone: phone_invalid',
    ],
    ['an empty own word', { locations: [{ kind: 'attendee_text', label: ' ' }] }, 'locations.0.label: field_required'],
    [
      'to hide what the booker says',
      { locations: [{ kind: 'attendee_address', shown: 'after_booking' }] },
      'locations.0: field_unknown',
    ],
    ['an empty address', { locations: [{ kind: 'in_person', address: ' ' }] }, 'locations.0.address: field_required'],
    [
      'a location twice',
      { locations: [{ kind: 'attendee_phone' }, { kind: 'attendee_phone' }] },
      'locations.1: location_twice',
    ],
    [
      'more in a location',
      { locations: [{ kind: 'attendee_phone', url: 'https://x.org' }] },
      'locations.0: field_unknown',
    ],
    [
      '11 locations',
      { locations: Array.from({ length: 11 }, (_, i) => ({ kind: 'in_person', address: `${i}` })) },
      'locations: field_too_many',
    ],
    ['a negative buffer', { bufferBefore: -1 }, 'bufferBefore: field_too_small'],
    ['a notice of two years', { notice: 1_051_200 }, 'notice: field_too_large'],
    ['an interval of nothing', { slotInterval: 0 }, 'slotInterval: field_too_small'],
    ['an offset of a day', { slotOffset: 1440 }, 'slotOffset: field_too_large'],
    [
      'a window that ends before it starts',
      { window: { type: 'fixed', startDate: '2026-12-02', endDate: '2026-12-01' } },
      'window.endDate: window_ends_before_start',
    ],
    [
      'a window on no date',
      { window: { type: 'fixed', startDate: '2026-02-30', endDate: '2026-12-01' } },
      'window.startDate: not_a_date',
    ],
    [
      'a window of a million days',
      { window: { type: 'rolling', days: 1e6, calendarDays: true } },
      'window.days: field_too_large',
    ],
    [
      '61 bookable days',
      { window: { type: 'rollingWindow', days: 61, calendarDays: true } },
      'window.days: field_too_large',
    ],
    ['a colour by name', { color: 'red' }, 'color: field_invalid'],
    ['another owner', { userId: 1 }, ': field_unknown'],
    ['a place', { position: 1 }, ': field_unknown'],
    ['a column', { user_id: 1 }, ': field_unknown'],
    ['deep nesting', { locations: circular(1000) }, 'locations.0: field_invalid'],
    ['text for a switch', { hidden: 'true' }, 'hidden: field_invalid'],
  ]
  it.each(cases)('%s', async (_, part, expected) => {
    const id = await made()
    const before = await list()
    const { version } = await read(id)
    expect(await outcomeOf(createEventType(at.ctx, { title: 'New', durations: [30], ...part }))).toBe(expected)
    expect(await outcomeOf(updateEventType(at.ctx, { id, version, ...part }))).toBe(expected)
    expect(await list()).toEqual(before)
  })

  it.each([null, 'x', 7, []])('%j for everything', async (input) => {
    expect(await outcomeOf(createEventType(at.ctx, input as never))).toMatch(/field_(required|invalid)/)
    expect(await list()).toEqual([])
  })
})

describe('settings that do not go together', () => {
  const change = async (id: number, named: Partial<EventTypeChange>) => {
    const { version } = await read(id)
    return outcomeOf(updateEventType(at.ctx, { ...named, id, version }))
  }

  const seats = { count: 5, showAttendees: false, showFree: true, maxPerBooking: 1 }
  const recurrence = { frequency: 'weekly' as const, interval: 1, count: 4 }
  const bookerLimit = { active: 1, offerMove: false }
  const pairs: [name: string, first: Partial<EventTypeChange>, second: Partial<EventTypeChange>, refused: string][] = [
    ['a series with seats', { recurrence }, { seats }, 'recurrence: seats_without_recurrence'],
    [
      'a series with a limit per booker',
      { recurrence },
      { bookerLimit },
      'recurrence: recurrence_without_booker_limit',
    ],
    ['seats with confirmation', { seats }, { requiresConfirmation: true }, 'seats: seats_without_confirmation'],
    ['seats with several durations', { seats }, { durations: [30, 60] }, 'seats: seats_need_one_duration'],
    [
      'seats with several places',
      { seats },
      { locations: [{ kind: 'attendee_phone' }, { kind: 'in_person', address: 'Here' }] },
      'seats: seats_need_one_place',
    ],
    [
      'seats with a place that each booker names',
      { seats },
      { locations: [{ kind: 'attendee_text' }] },
      'seats: seats_need_own_place',
    ],
    ['seats with a limit per booker', { seats }, { bookerLimit }, 'seats: seats_without_booker_limit'],
  ]
  it.each(pairs)('%s: refused in either order, and explained', async (_, first, second, refused) => {
    const base = { title: 'T', durations: [30] }
    expect(await outcomeOf(createEventType(at.ctx, { ...base, ...first, ...second }))).toBe(refused)
    expect(await change(await made({ ...first }), second)).toBe(refused)
    expect(await change(await made({ ...second }), first)).toBe(refused)
    const code = refused.split(': ')[1] as string
    for (const locale of LOCALES) expect(translatorFor(locale)(`errors.${code}` as MessageKey)).not.toMatch(/^errors/)
  })

  it('free mail addresses wait for nothing where nothing waits', async () => {
    const alone = createEventType(at.ctx, { title: 'T', durations: [30], confirmFreeMail: true })
    expect(await outcomeOf(alone)).toBe('confirmFreeMail: free_mail_needs_confirmation')
    const both = { requiresConfirmation: true, confirmFreeMail: true, confirmWithin: 60 }
    const id = await made(both)
    expect(await read(id)).toMatchObject(both)
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe(
      'confirmFreeMail: free_mail_needs_confirmation',
    )
  })

  it('are refused when they come at once, whoever sends them', async () => {
    expect(await outcomeOf(createEventType(at.ctx, { title: 'T', durations: [60], confirmWithin: 60 }))).toBe(
      'confirmWithin: threshold_needs_confirmation',
    )
    expect(
      await outcomeOf(
        createEventType(at.ctx, { title: 'T', durations: [60], limits: { bookings: {}, minutes: { day: 30 } } }),
      ),
    ).toBe('limits.minutes.day: limit_below_duration')
  })

  it('are refused when one is there already, and nothing changes', async () => {
    const id = await made({ durations: [60], requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, title: 'Other' })).toBe(
      'confirmWithin: threshold_needs_confirmation',
    )
    expect(await read(id)).toMatchObject({ title: 'Talk', requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe('accepted')
  })

  it('are not looked at for who read an older version', async () => {
    const id = await made({ durations: [60] })
    const outcome = outcomeOf(updateEventType(at.ctx, { id, version: 'older', confirmWithin: 60 }))
    expect(await outcome).toBe('changed_elsewhere')
  })
})
