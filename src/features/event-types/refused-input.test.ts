import { describe, expect, it } from 'vitest'
import { LOCALES } from '#platform/i18n/locale.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import { useEventTypes } from '#test/event-types.ts'
import { refusal } from '#test/refusal.ts'
import { createEventType, updateEventType } from './commands.ts'
import { newQuestion } from './questions/rules.ts'
import type { EventTypeChange } from './schema.ts'

const { at, read, list, made } = useEventTypes()

describe('input that is refused', () => {
  const circular = (depth: number): unknown => (depth === 0 ? [] : [circular(depth - 1)])
  const cases: [string, object, string][] = [
    ['no title', { title: '  ' }, 'invalid_input/title:field_required'],
    ['a title of a million characters', { title: 'x'.repeat(1e6) }, 'invalid_input/title:field_too_long'],
    ['a title with a line break', { title: 'a\nb' }, 'invalid_input/title:field_unreadable'],
    ['a title with NUL', { title: 'a\u0000b' }, 'invalid_input/title:field_unreadable'],
    ['half a surrogate', { description: '\ud800' }, 'invalid_input/description:field_unreadable'],
    ['a slug of dots', { slug: '..' }, 'invalid_input/slug:slug_invalid'],
    ['a slug with a slash', { slug: 'a/b' }, 'invalid_input/slug:slug_invalid'],
    ['an empty slug', { slug: '' }, 'invalid_input/slug:slug_invalid'],
    [
      'a description of a million characters',
      { description: 'x'.repeat(1e6) },
      'invalid_input/description:field_too_long',
    ],
    ['no durations', { durations: [] }, 'invalid_input/durations:field_too_few'],
    ['a duration of nothing', { durations: [0] }, 'invalid_input/durations.0:field_too_small'],
    ['a duration of two days', { durations: [2880] }, 'invalid_input/durations.0:field_too_large'],
    ['half a minute', { durations: [0.5] }, 'invalid_input/durations.0:field_invalid'],
    ['a duration twice', { durations: [30, 30] }, 'invalid_input/durations:duration_twice'],
    [
      '21 durations',
      { durations: Array.from({ length: 21 }, (_, i) => i + 1) },
      'invalid_input/durations:field_too_many',
    ],
    ['an unknown location', { locations: [{ kind: 'moon' }] }, 'invalid_input/locations.0.kind:field_invalid'],
    [
      'a script for a link',
      { locations: [{ kind: 'link', url: 'javascript:alert(1)', video: false }] },
      'invalid_input/locations.0.url:link_not_https',
    ],
    [
      'a link without https',
      { locations: [{ kind: 'link', url: 'http://example.org', video: false }] },
      'invalid_input/locations.0.url:link_not_https',
    ],
    [
      'words for a number',
      { locations: [{ kind: 'host_phone', phone: 'call me' }] },
      'invalid_input/locations.0.phone:phone_invalid',
    ],
    [
      'an empty own word',
      { locations: [{ kind: 'attendee_text', label: ' ' }] },
      'invalid_input/locations.0.label:field_required',
    ],
    [
      'to hide what the booker says',
      { locations: [{ kind: 'attendee_address', shown: 'after_booking' }] },
      'invalid_input/locations.0:field_unknown',
    ],
    [
      'an empty address',
      { locations: [{ kind: 'in_person', address: ' ' }] },
      'invalid_input/locations.0.address:field_required',
    ],
    [
      'a location twice',
      { locations: [{ kind: 'attendee_phone' }, { kind: 'attendee_phone' }] },
      'invalid_input/locations.1:location_twice',
    ],
    [
      'more in a location',
      { locations: [{ kind: 'attendee_phone', url: 'https://x.org' }] },
      'invalid_input/locations.0:field_unknown',
    ],
    [
      '11 locations',
      { locations: Array.from({ length: 11 }, (_, i) => ({ kind: 'in_person', address: `${i}` })) },
      'invalid_input/locations:field_too_many',
    ],
    ['a negative buffer', { bufferBefore: -1 }, 'invalid_input/bufferBefore:field_too_small'],
    ['a notice of two years', { notice: 1_051_200 }, 'invalid_input/notice:field_too_large'],
    ['an interval of nothing', { slotInterval: 0 }, 'invalid_input/slotInterval:field_too_small'],
    ['an offset of a day', { slotOffset: 1440 }, 'invalid_input/slotOffset:field_too_large'],
    [
      'a window that ends before it starts',
      { window: { type: 'fixed', startDate: '2026-12-02', endDate: '2026-12-01' } },
      'invalid_input/window.endDate:window_ends_before_start',
    ],
    [
      'a window on no date',
      { window: { type: 'fixed', startDate: '2026-02-30', endDate: '2026-12-01' } },
      'invalid_input/window.startDate:not_a_date',
    ],
    [
      'a window of a million days',
      { window: { type: 'rolling', days: 1e6, calendarDays: true } },
      'invalid_input/window.days:field_too_large',
    ],
    [
      '61 bookable days',
      { window: { type: 'rollingWindow', days: 61, calendarDays: true } },
      'invalid_input/window.days:field_too_large',
    ],
    ['a colour by name', { color: 'red' }, 'invalid_input/color:field_invalid'],
    ['another owner', { userId: 1 }, 'invalid_input/:field_unknown'],
    ['a place', { position: 1 }, 'invalid_input/:field_unknown'],
    ['a column', { user_id: 1 }, 'invalid_input/:field_unknown'],
    ['deep nesting', { locations: circular(1000) }, 'invalid_input/locations.0:field_invalid'],
    ['text for a switch', { hidden: 'true' }, 'invalid_input/hidden:field_invalid'],
  ]
  it.each(cases)('%s', async (_, part, expected) => {
    const id = await made()
    const before = await list()
    const { version } = await read(id)
    expect(await refusal(createEventType(at.ctx, { title: 'New', durations: [30], ...part }))).toBe(expected)
    expect(await refusal(updateEventType(at.ctx, { id, version, ...part }))).toBe(expected)
    expect(await list()).toEqual(before)
  })

  it.each([null, 'x', 7, []])('%j for everything', async (input) => {
    expect(await refusal(createEventType(at.ctx, input as never))).toMatch(/field_(required|invalid)/)
    expect(await list()).toEqual([])
  })
})

describe('settings that do not go together', () => {
  const change = async (id: number, named: Partial<EventTypeChange>) => {
    const { version } = await read(id)
    return refusal(updateEventType(at.ctx, { ...named, id, version }))
  }

  const seats = { count: 5, showAttendees: false, showFree: true, maxPerBooking: 1 }
  const recurrence = { frequency: 'weekly' as const, interval: 1, count: 4 }
  const bookerLimit = { active: 1, offerMove: false }
  const pairs: [name: string, first: Partial<EventTypeChange>, second: Partial<EventTypeChange>, refused: string][] = [
    ['a series with seats', { recurrence }, { seats }, 'invalid_input/recurrence:seats_without_recurrence'],
    [
      'a series with a limit per booker',
      { recurrence },
      { bookerLimit },
      'invalid_input/recurrence:recurrence_without_booker_limit',
    ],
    [
      'seats with confirmation',
      { seats },
      { requiresConfirmation: true },
      'invalid_input/seats:seats_without_confirmation',
    ],
    ['seats with several durations', { seats }, { durations: [30, 60] }, 'invalid_input/seats:seats_need_one_duration'],
    [
      'seats with several places',
      { seats },
      { locations: [{ kind: 'attendee_phone' }, { kind: 'in_person', address: 'Here' }] },
      'invalid_input/seats:seats_need_one_place',
    ],
    [
      'seats with a place that each booker names',
      { seats },
      { locations: [{ kind: 'attendee_text' }] },
      'invalid_input/seats:seats_need_own_place',
    ],
    ['seats with a limit per booker', { seats }, { bookerLimit }, 'invalid_input/seats:seats_without_booker_limit'],
  ]
  it.each(pairs)('%s: refused in either order, and explained', async (_, first, second, refused) => {
    const base = { title: 'T', durations: [30] }
    expect(await refusal(createEventType(at.ctx, { ...base, ...first, ...second }))).toBe(refused)
    expect(await change(await made({ ...first }), second)).toBe(refused)
    expect(await change(await made({ ...second }), first)).toBe(refused)
    const code = refused.split(':')[1] as string
    for (const locale of LOCALES) expect(translatorFor(locale)(`errors.${code}` as MessageKey)).not.toMatch(/^errors/)
  })

  it('questions for each person need bookings of several: refused in either order, and explained', async () => {
    const refused = 'invalid_input/seats:each_needs_party'
    const party = { ...seats, maxPerBooking: 2 }
    const questions = [{ ...newQuestion('text', 'Meal', []), eachPerson: true }]
    expect(await refusal(createEventType(at.ctx, { title: 'T', durations: [30], questions }))).toBe(refused)
    expect(await change(await made(), { questions })).toBe(refused)
    expect(await change(await made({ seats }), { questions })).toBe(refused)
    const id = await made({ seats: party, questions })
    expect((await read(id)).questions).toMatchObject([{ key: 'meal', eachPerson: true }])
    expect(await change(id, { seats: null })).toBe(refused)
    expect(await change(id, { seats })).toBe(refused)
    expect(await change(id, { seats: null, questions: [] })).toBe('done')
    for (const locale of LOCALES) expect(translatorFor(locale)('errors.each_needs_party')).not.toMatch(/^errors/)
  })

  it('free mail addresses wait for nothing where nothing waits', async () => {
    const alone = createEventType(at.ctx, { title: 'T', durations: [30], confirmFreeMail: true })
    expect(await refusal(alone)).toBe('invalid_input/confirmFreeMail:free_mail_needs_confirmation')
    const both = { requiresConfirmation: true, confirmFreeMail: true, confirmWithin: 60 }
    const id = await made(both)
    expect(await read(id)).toMatchObject(both)
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe(
      'invalid_input/confirmFreeMail:free_mail_needs_confirmation',
    )
  })

  it('are refused when they come at once, whoever sends them', async () => {
    expect(await refusal(createEventType(at.ctx, { title: 'T', durations: [60], confirmWithin: 60 }))).toBe(
      'invalid_input/confirmWithin:threshold_needs_confirmation',
    )
    expect(
      await refusal(
        createEventType(at.ctx, { title: 'T', durations: [60], limits: { bookings: {}, minutes: { day: 30 } } }),
      ),
    ).toBe('invalid_input/limits.minutes.day:limit_below_duration')
  })

  it('are refused when one is there already, and nothing changes', async () => {
    const id = await made({ durations: [60], requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, title: 'Other' })).toBe(
      'invalid_input/confirmWithin:threshold_needs_confirmation',
    )
    expect(await read(id)).toMatchObject({ title: 'Talk', requiresConfirmation: true, confirmWithin: 60 })
    expect(await change(id, { requiresConfirmation: false, confirmWithin: null })).toBe('done')
  })

  it('are not looked at for who read an older version', async () => {
    const id = await made({ durations: [60] })
    const outcome = refusal(updateEventType(at.ctx, { id, version: 'older', confirmWithin: 60 }))
    expect(await outcome).toBe('changed_elsewhere')
  })
})
