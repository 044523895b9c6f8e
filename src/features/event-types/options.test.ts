import { describe, expect, it } from 'vitest'
import { useEventTypes } from '#test/event-types.ts'
import { refusal } from '#test/refusal.ts'
import { updateEventType } from './commands.ts'
import type { EventTypeChange } from './schema.ts'
import { DEFAULT_OPTIONS } from './types.ts'
import { draftOf, settingsOf } from './ui/draft.ts'

const { at, read, made } = useEventTypes()

describe('options', () => {
  const OPTIONS = {
    limits: { bookings: { day: 2, week: 5 }, minutes: { month: 600 } },
    bookerLimit: { active: 2, offerMove: false },
    onlyFirstSlotPerDay: true,
    optimizedSlots: true,
    confirmWithin: 2880,
    cancelling: false,
    rescheduling: { allowed: true, notice: 120, past: true, cancelled: false },
    guests: false,
    titleTemplate: '{event} / {booker}',
    redirect: { url: 'https://example.org/thanks', forward: true },
    timeZoneLock: 'Asia/Tokyo',
    language: 'de',
  } satisfies Partial<EventTypeChange>

  it.each(['Asia/Tokyo', 'visitor', null])('lock the page to %s and keep that in the editor', async (timeZoneLock) => {
    const id = await made({ timeZoneLock })
    const eventType = await read(id)
    expect(eventType.timeZoneLock).toBe(timeZoneLock)
    expect(settingsOf(draftOf(eventType, 'Europe/Berlin')).timeZoneLock).toBe(timeZoneLock)
  })

  it('go from the editor to the database and back', async () => {
    const id = await made({ ...OPTIONS, requiresConfirmation: true })
    const eventType = await read(id)
    expect(eventType).toMatchObject(OPTIONS)
    const draft = draftOf(eventType, 'Europe/Berlin')
    const { version } = eventType
    await updateEventType(at.ctx, { ...(settingsOf(draft) as Partial<EventTypeChange>), id, version })
    const { version: next, ...saved } = await read(id)
    expect(saved).toEqual({ ...saved, ...OPTIONS })
    expect(next).not.toBe(version)
  })

  it('keep the preferred hours when everything else is saved', async () => {
    const preferred = { weekly: [{ days: [1, 2], start: 540, end: 720 }], show: 'first' as const }
    const id = await made({ preferred })
    const eventType = await read(id)
    const settings = settingsOf(draftOf(eventType, 'Europe/Berlin')) as Partial<EventTypeChange>
    await updateEventType(at.ctx, { ...settings, id, version: eventType.version })
    expect((await read(id)).preferred).toEqual(preferred)
  })

  it('go back to what they are by default', async () => {
    const id = await made({ ...OPTIONS, requiresConfirmation: true })
    const { version } = await read(id)
    const draft = draftOf(await read(await made()), 'Europe/Berlin')
    const plain = { ...(settingsOf(draft) as Partial<EventTypeChange>), slug: 'plain' }
    await updateEventType(at.ctx, { ...plain, id, version })
    expect(await read(id)).toMatchObject(DEFAULT_OPTIONS)
  })

  it.each([
    [{ redirect: { url: 'http://example.org', forward: false } }, 'invalid_input/redirect.url:link_not_https'],
    [{ redirect: { url: 'javascript:alert(1)', forward: false } }, 'invalid_input/redirect.url:link_not_https'],
    [{ timeZoneLock: 'Mars/Olympus' }, 'invalid_input/timeZoneLock:unknown_time_zone'],
    [
      { limits: { bookings: { day: 5, week: 3 }, minutes: {} } },
      'invalid_input/limits.bookings.week:limit_below_shorter_period',
    ],
    [{ limits: { bookings: { day: 0 }, minutes: {} } }, 'invalid_input/limits.bookings.day:field_too_small'],
    [{ bookerLimit: { active: 0, offerMove: true } }, 'invalid_input/bookerLimit.active:field_too_small'],
    [{ preferred: { weekly: [], show: 'mark' } }, 'invalid_input/preferred.weekly:field_too_few'],
    [
      { preferred: { weekly: [{ days: [1], start: 60, end: 60 }], show: 'mark' } },
      'invalid_input/preferred.weekly.0.end:range_ends_before_start',
    ],
    [
      { preferred: { weekly: [{ days: [7], start: 60, end: 90 }], show: 'mark' } },
      'invalid_input/preferred.weekly.0.days.0:field_too_large',
    ],
  ])('%j is refused', async (named, why) => {
    const id = await made()
    const { version } = await read(id)
    expect(await refusal(updateEventType(at.ctx, { ...(named as Partial<EventTypeChange>), id, version }))).toBe(why)
  })
})
