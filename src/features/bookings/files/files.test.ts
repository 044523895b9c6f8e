import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '#platform/errors.ts'
import { parseInput } from '#platform/input.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { questionList } from '../../event-types/questions/schema.ts'
import { createBooking } from '../creation/commands.ts'
import { bookingByUid } from '../queries.ts'
import { createBookingSchema } from '../schema.ts'
import { fileOf } from './queries.ts'
import { kindOfFile } from './rules.ts'
import type { Upload } from './types.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const PDF = bytes('%PDF-1.7\n…')

let context: TestContext
let id: number

beforeAll(async () => {
  context = await testContext()
  const host = await insertHost(context.services.db)
  const questions = parseInput(questionList, [
    { key: 'has', type: 'boolean', label: 'Is there a plan?' },
    {
      key: 'plan',
      type: 'file',
      label: 'Plan',
      options: ['pdf'],
      max: 1,
      required: true,
      showWhen: { key: 'has', is: 'set' },
    },
  ])
  id = await insertEventType(context.services.db, host.id, { options: { questions } })
})
afterAll(() => context.close())

let hour = 8

async function book(answers: object, uploads: Upload[]) {
  const start = `2026-11-24T${String(hour++).padStart(2, '0')}:00:00Z`
  const booking = parseInput(createBookingSchema, {
    ...{ start, name: 'Bo', email: 'bo@example.net', timeZone: 'UTC', answers },
  })
  const { uid } = await createBooking(context.visitor, { offer: { eventTypeId: id }, booking, locale: 'en', uploads })
  const made = await bookingByUid(context.visitor, uid)
  if (!made) throw new Error('no booking')
  return made
}

async function refusal(work: Promise<unknown>): Promise<string[]> {
  const failure = await work.then(() => null).catch((error: unknown) => error)
  if (!isAppError(failure)) throw failure ?? new Error('was not refused')
  return ((failure.details.fields ?? []) as { path: string; code: string }[]).map(({ path, code }) => `${path} ${code}`)
}

async function kept(): Promise<number> {
  const { n } = await context.services.db
    .selectFrom('booking_files')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

describe('files', () => {
  it('are known by their content', () => {
    const cases: [string, string | null][] = [
      ['%PDF-1.7', 'pdf'],
      ['\x89PNG\r\n\x1a\n....', 'image'],
      ['\xff\xd8\xff\xe0', 'image'],
      ['RIFF....WEBPVP8 ', 'image'],
      ['PK\x03\x04....', 'office'],
      ['a,b\n1,2', 'text'],
      ['', null],
      ['MZ\x90\x00', null],
      ['\x7fELF\x02', null],
      ['a\x00b', null],
      ['\xff\xfe', null],
      [' <!DOCTYPE html><script>', null],
      ['<svg xmlns="…"', null],
    ]
    for (const [text, kind] of cases) expect(kindOfFile(bytes(text)), JSON.stringify(text)).toBe(kind)
  })

  it('are kept with the booking that names them, for nobody who does not, and go with it', async () => {
    const booking = await book({ has: true }, [{ key: 'plan', name: 'Plan “A”.pdf', bytes: PDF }])
    const answer = booking.attendees[0]?.answers.find(({ key }) => key === 'plan')
    expect(answer).toMatchObject({ type: 'file', value: 'Plan “A”.pdf', file: { size: PDF.length } })
    const fileId = answer?.file?.id ?? ''
    const file = await fileOf(context.services.db, booking, fileId)
    expect(file?.name).toBe('Plan “A”.pdf')
    expect(file?.bytes.equals(Buffer.from(PDF))).toBe(true)
    const other = await book({}, [])
    expect(await fileOf(context.services.db, other, fileId)).toBeNull()
    await context.services.db.deleteFrom('bookings').where('id', '=', booking.id).execute()
    expect(await kept()).toBe(0)
  })

  it('for questions that are not asked are dropped', async () => {
    const booking = await book({}, [{ key: 'plan', name: 'a.pdf', bytes: PDF }])
    expect(booking.attendees[0]?.answers.map(({ key }) => key)).toEqual(['has'])
    expect(await kept()).toBe(0)
  })

  it('are refused when missing, too large, of another kind, or only named', async () => {
    const send = (upload: Partial<Upload>, answers = {}) =>
      refusal(book({ has: true, ...answers }, [{ key: 'plan', name: 'a.pdf', bytes: PDF, ...upload }]))
    expect(await refusal(book({ has: true }, []))).toEqual(['answers.plan field_required'])
    expect(await refusal(book({ has: true, plan: 'a.pdf' }, []))).toEqual(['answers.plan field_required'])
    const large = new Uint8Array(1_000_001)
    large.set(PDF)
    expect(await send({ bytes: large })).toEqual(['answers.plan file_too_large'])
    expect(await send({ bytes: bytes('<html>') })).toEqual(['answers.plan file_not_taken'])
    expect(await send({ bytes: bytes('\x89PNG\r\n\x1a\n') })).toEqual(['answers.plan file_not_taken'])
    expect(await send({ name: 'a\u202efdp.exe' })).toEqual(['answers.plan field_unreadable'])
    expect(await refusal(book({}, [{ key: 'other', name: 'a.pdf', bytes: PDF }]))).toEqual([
      'answers.other question_unknown',
    ])
    expect(await kept()).toBe(0)
  })
})
