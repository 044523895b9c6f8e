import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { updateEventType } from '../../event-types/commands.ts'
import { findEventType } from '../../event-types/queries.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid } from '../queries.ts'
import { rescheduleBooking } from '../rescheduling/commands.ts'
import { createBookingSchema } from '../schema.ts'
import { policyVersion } from './commands.ts'
import { acceptedText } from './queries.ts'
import type { RawAnswers } from './schema.ts'

let context: TestContext
let host: TestHost
let id: number

beforeAll(async () => {
  context = await testContext()
  host = await insertHost(context.services.db)
  id = await insertEventType(context.services.db, host.id)
})
afterAll(() => context.close())

const ctx = () => context.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
const read = () => findEventType(ctx().db, userScope(ctx()), id)

/** Saved as the editor does. */
async function save(options: Omit<Parameters<typeof updateEventType>[1], 'id' | 'version'>) {
  await updateEventType(ctx(), { ...options, id, version: (await read()).version })
}

let hour = 8

/** At another time each time. */
async function book(answers: object, more: object = {}) {
  hour++
  const start = `2026-11-${23 + Math.floor(hour / 16)}T${String(8 + (hour % 8)).padStart(2, '0')}:00:00Z`
  const booking = parseInput(createBookingSchema, {
    ...{ start, name: 'Bo Visitor', email: 'bo@example.net', timeZone: 'UTC', answers, ...more },
  })
  return createBooking(context.visitor, { offer: { eventTypeId: id }, booking, locale: 'en' })
}

async function refusal(work: Promise<unknown>) {
  const failure = await work.then(() => null).catch((error: unknown) => error)
  if (!isAppError(failure)) throw failure ?? new Error('was not refused')
  const fields = (failure.details.fields ?? []) as { path: string; code: string }[]
  return { code: failure.code, fields: fields.map(({ path, code }) => `${path} ${code}`) }
}

async function bookingsSoFar() {
  const { n } = await context.services.db
    .selectFrom('bookings')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

describe('a policy', () => {
  const policy = (text: string) => ({ key: 'terms', type: 'policy' as const, label: 'I agree', text })

  it('must be agreed to; its version and words and the time are kept', async () => {
    await save({ questions: [policy('Cancel a **day** before.')] })
    expect(await refusal(book({}))).toMatchObject({ fields: ['answers.terms tick_required'] })
    const version = policyVersion('Cancel a **day** before.')
    const { uid } = await book({ terms: [version] })
    const booking = await bookingByUid(context.visitor, uid)
    expect(booking?.attendees[0]?.answers).toEqual([
      {
        ...{ key: 'terms', label: 'I agree', type: 'policy', hidden: false, value: true },
        accepted: { version, at: '2026-11-23T08:00:00Z' },
      },
    ])
    await save({ questions: [policy('Cancel a **week** before.')] })
    expect(await refusal(book({ terms: [version] }))).toMatchObject({ fields: ['answers.terms policy_changed'] })
    if (!booking) throw new Error('no booking')
    expect(await acceptedText(context.services.db, booking, version)).toEqual({
      ...{ label: 'I agree', text: 'Cancel a **day** before.' },
    })
    const other = policyVersion('Cancel a **week** before.')
    await book({ terms: [other] })
    expect(await acceptedText(context.services.db, booking, other)).toBeNull()
  })
})

describe('questions of an event type', () => {
  it('are saved with it in their order, and read as they are', async () => {
    await save({
      questions: [
        { key: 'company', type: 'text', label: 'Your company', required: true },
        { key: 'size', type: 'radio', label: 'Size', options: ['Small', 'Large'] },
        {
          key: 'why',
          type: 'long_text',
          label: 'Why?',
          required: true,
          showWhen: { key: 'size', is: 'equals', value: 'Large' },
        },
        { key: 'source', type: 'text', label: 'Source', hidden: true },
      ],
      titleTemplate: '{event}: {company} / {size} ({why})',
    })
    const { questions } = await read()
    expect(questions.map(({ key }) => key)).toEqual(['company', 'size', 'why', 'source'])
    expect(questions[2]).toMatchObject({ required: true, help: '', min: null, showWhen: { key: 'size', is: 'equals' } })
  })

  it('are answered with a booking, which keeps them as they were asked', async () => {
    const { uid } = await book({ company: 'Acme', size: 'Large', why: 'Growth', source: 'mail-7' })
    const before = await read()
    await save({ questions: before.questions.map((one) => ({ ...one, label: `${one.label} (new)` })) })
    const booking = await bookingByUid(context.visitor, uid)
    expect(booking?.title).toBe('A talk: Acme / Large (Growth)')
    expect(booking?.attendees[0]?.answers).toEqual([
      { key: 'company', label: 'Your company', type: 'text', hidden: false, value: 'Acme' },
      { key: 'size', label: 'Size', type: 'radio', hidden: false, value: 'Large' },
      { key: 'why', label: 'Why?', type: 'long_text', hidden: false, value: 'Growth' },
      { key: 'source', label: 'Source', type: 'text', hidden: true, value: 'mail-7' },
    ])
  })

  it('ask only what their conditions say; titles leave out what was not answered', async () => {
    const { uid } = await book({ company: 'Acme', why: 'never seen' }, { guests: ['cy@example.net'] })
    const booking = await bookingByUid(context.visitor, uid)
    expect(booking?.title).toBe('A talk: Acme /  ()')
    expect(booking?.attendees.map(({ answers }) => answers.map(({ key }) => key))).toEqual([['company'], []])
  })

  it('refuse what is missing, wrong or unknown, and book nothing', async () => {
    const before = await bookingsSoFar()
    expect(await refusal(book({}))).toEqual({ code: 'invalid_input', fields: ['answers.company field_required'] })
    expect(await refusal(book({ company: 'Acme', size: 'Huge' }))).toEqual({
      code: 'invalid_input',
      fields: ['answers.size option_unknown'],
    })
    expect(await refusal(book({ company: 'Acme', size: 'Large' }))).toMatchObject({
      fields: ['answers.why field_required'],
    })
    expect(await refusal(book({ company: 'Acme', other: 'x' }))).toEqual({
      code: 'questions_changed',
      fields: ['answers.other question_unknown'],
    })
    expect(await bookingsSoFar()).toBe(before)
  })

  it('are shown to visitors of another version of the form as they are now', async () => {
    await save({ questions: [] })
    expect(await refusal(book({ company: 'Acme' }))).toMatchObject({ code: 'questions_changed' })
    await expect(book({})).resolves.toMatchObject({ status: 'accepted' })
  })

  it('are asked when a booking is moved, where that is meant, of who booked and nobody else', async () => {
    const why = { key: 'why', type: 'text' as const, label: 'Why another time?', required: true, onlyMoving: true }
    await save({ questions: [{ key: 'company', type: 'text', label: 'Company' }, why] })
    expect(await refusal(book({ company: 'Acme', why: 'not yet' }))).toMatchObject({ code: 'questions_changed' })
    const { uid } = await book({ company: 'Acme' })
    const move = (start: string, answers?: RawAnswers, by = context.visitor) =>
      rescheduleBooking(by, { uid, start: Date.parse(start), reason: '', ...(answers && { answers }) })
    const answers = async () =>
      Object.fromEntries(
        ((await bookingByUid(context.visitor, uid))?.attendees[0]?.answers ?? []).map(({ key, value }) => [key, value]),
      )
    expect(await refusal(move('2026-12-01T09:00:00Z'))).toEqual({
      code: 'invalid_input',
      fields: ['answers.why field_required'],
    })
    expect(await refusal(move('2026-12-01T09:00:00Z', { why: 'Ill', company: 'Other' }))).toMatchObject({
      code: 'questions_changed',
    })
    await move('2026-12-01T09:00:00Z', { why: 'Ill' })
    expect(await answers()).toEqual({ company: 'Acme', why: 'Ill' })
    // A refused move changes no answer.
    expect(await refusal(move('2026-12-01T03:00:00Z', { why: 'Too late' }))).toMatchObject({ code: 'slot_not_offered' })
    expect(await answers()).toEqual({ company: 'Acme', why: 'Ill' })
    await move('2026-12-01T10:00:00Z', { why: 'Train' })
    expect(await answers()).toEqual({ company: 'Acme', why: 'Train' })
    await move('2026-12-01T11:00:00Z', undefined, ctx())
    expect(await answers()).toEqual({ company: 'Acme', why: 'Train' })
  })

  it('are answered anew by who moves a seat, for that seat alone', async () => {
    const why = { key: 'why', type: 'text' as const, label: 'Why?', onlyMoving: true }
    await save({ questions: [why], seats: { count: 4, showAttendees: false, showFree: false, maxPerBooking: 1 } })
    const sit = (email: string) => {
      const booking = parseInput(createBookingSchema, {
        ...{ start: '2026-12-03T09:00:00Z', name: 'Bo', email, timeZone: 'UTC' },
      })
      return createBooking(context.visitor, { offer: { eventTypeId: id }, booking, locale: 'en' })
    }
    const [bo, cy] = [await sit('bo@example.net'), await sit('cy@example.net')]
    const start = Date.parse('2026-12-03T11:00:00Z')
    await rescheduleBooking(context.visitor, { uid: bo.uid, start, reason: '', answers: { why: 'Ill' } })
    const of = async (uid: string) =>
      (await bookingByUid(context.visitor, uid))?.attendees.map((one) => one.answers.length)
    expect([await of(bo.uid), await of(cy.uid)]).toEqual([[1], [0]])
    await save({ seats: null, questions: [] })
  })

  it('let the booker name the meeting, unless a template says otherwise', async () => {
    const about = { key: 'title', type: 'text' as const, label: 'What about?' }
    const titleOf = async (answers: RawAnswers) =>
      (await bookingByUid(context.visitor, (await book(answers)).uid))?.title ?? ''
    await save({ questions: [about], titleTemplate: '' })
    expect(await titleOf({ title: ' Roof of the barn ' })).toBe('Roof of the barn')
    expect(await titleOf({ title: '   ' })).toBe('A talk')
    expect(await titleOf({})).toBe('A talk')
    await save({ titleTemplate: '{event}: {Title}' })
    expect(await titleOf({ title: 'Roof' })).toBe('A talk: Roof')
    await save({ titleTemplate: '{booker}' })
    expect(await titleOf({ title: 'Roof' })).not.toContain('Roof')
    await save({ questions: [{ ...about, required: true }], titleTemplate: '' })
    expect(await refusal(book({ title: '' }))).toMatchObject({ fields: ['answers.title field_required'] })
    await save({ questions: [] })
    expect(await refusal(book({ title: 'Roof' }))).toMatchObject({ code: 'questions_changed' })
  })
})
