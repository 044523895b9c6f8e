import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { insertEventType, insertHost, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { questionList } from '../../../event-types/questions/schema.ts'
import type { Question } from '../../../event-types/questions/types.ts'
import { createBooking } from '../../creation/commands.ts'
import { exportBookings } from '../../exports/queries.ts'
import { bookingByUid } from '../../queries.ts'
import { rescheduleBooking } from '../../rescheduling/commands.ts'
import { createBookingSchema } from '../../schema.ts'
import { reduceParty } from './commands.ts'
import type { Companion } from './types.ts'

let context: TestContext
let host: TestHost
let asHost: Ctx

beforeAll(async () => {
  context = await testContext()
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  host = await insertHost(context.services.db)
  asHost = context.as({ kind: 'user', userId: host.id, role: 'owner', via: 'session' })
})

const SEATS = { count: 4, showAttendees: false, showFree: true, maxPerBooking: 4 }
const each = (key: string, more: Partial<Question> = {}): Partial<Question> => ({
  ...{ key, type: 'text', label: key.toUpperCase(), eachPerson: true, ...more },
})
const MEAL = each('meal', { type: 'radio', label: 'Meal', options: ['Fish', 'Soup'], required: true })

const offer = (...questions: Partial<Question>[]) =>
  insertEventType(context.services.db, host.id, {
    options: { seats: SEATS, questions: parseInput(questionList, questions) },
  })

interface Party {
  quantity: number
  answers?: object
  companions?: object[]
  email?: string
}

async function book({ email = 'bo@example.net', ...party }: Party) {
  const input = { start: '2026-11-24T08:00:00Z', name: 'Bo', email, timeZone: 'UTC', ...party }
  const booking = parseInput(createBookingSchema, input)
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

const refused = async (party: Party) => refusal(book(party))

async function companionsOf({ uid }: { uid: string }): Promise<[name: string, ...answers: string[]][]> {
  const shown = ({ name, answers = [] }: Companion): [string, ...string[]] => [
    name,
    ...answers.map(({ label, value }) => `${label}: ${value}`),
  ]
  return (await bookingByUid(context.visitor, uid))?.attendees[0]?.companions.map(shown) ?? []
}

describe('what is asked of each person', () => {
  it('is kept as it was asked, with who it was answered for', async () => {
    await offer(MEAL, each('note'))
    const companions = [
      { name: 'Cy', answers: { meal: 'Soup', note: ' Nuts ' } },
      { name: 'Di', answers: { meal: ['Fish'] } },
    ]
    const booked = await book({ quantity: 3, answers: { meal: 'Fish' }, companions })
    const seat = (await bookingByUid(context.visitor, booked.uid))?.attendees[0]
    expect(seat?.answers.map(({ key, value }) => [key, value])).toEqual([['meal', 'Fish']])
    const common = { type: 'radio', hidden: false }
    expect(seat?.companions).toEqual([
      {
        name: 'Cy',
        answers: [
          { key: 'meal', label: 'Meal', ...common, value: 'Soup' },
          { key: 'note', label: 'NOTE', ...common, type: 'text', value: 'Nuts' },
        ],
      },
      { name: 'Di', answers: [{ key: 'meal', label: 'Meal', ...common, value: 'Fish' }] },
    ])
  })

  it('must be answered for everyone who comes, named or not, where it must be answered', async () => {
    await offer(MEAL)
    const own = { quantity: 3, answers: { meal: 'Fish' } }
    expect(await refused({ ...own, companions: [{ name: 'Cy', answers: { meal: 'Soup' } }] })).toBe(
      'invalid_input/companions.1.name:field_required/companions.1.answers.meal:field_required',
    )
    const named = [{ name: 'Cy', answers: { meal: 'Soup' } }, { name: 'Di' }]
    expect(await refused({ ...own, companions: named })).toBe('invalid_input/companions.1.answers.meal:field_required')
    // All that is wrong is said at once, that of the booker too.
    expect(await refused({ quantity: 2, companions: [{ name: 'Cy' }] })).toBe(
      'invalid_input/answers.meal:field_required/companions.0.answers.meal:field_required',
    )
    expect(await refused({ quantity: 1, answers: { meal: 'Fish' } })).toBe('done')
  })

  it('may be left open where it need not be answered, and nobody has to be named then', async () => {
    await offer(each('note'))
    expect(await companionsOf(await book({ quantity: 3, companions: [{ name: 'Cy' }] }))).toEqual([['Cy']])
  })

  it('is checked like every answer, with the field that is wrong', async () => {
    await offer(MEAL, each('age', { type: 'number', min: 1, max: 99 }))
    const companions = [
      { name: 'Cy', answers: { meal: 'Soup', age: 7 } },
      { name: 'Di', answers: { meal: 'Steak', age: '100' } },
    ]
    expect(await refused({ quantity: 3, answers: { meal: 'Fish' }, companions })).toBe(
      'invalid_input/companions.1.answers.meal:option_unknown/companions.1.answers.age:field_too_large',
    )
  })

  it('is nothing that was not asked, nor what is asked of the booker alone', async () => {
    await offer(each('meal'), each('only', { eachPerson: false }))
    const party = (answers: object) => ({ quantity: 2, companions: [{ name: 'Cy', answers }] })
    expect(await refused(party({ only: 'x' }))).toBe('questions_changed/companions.0.answers.only:question_unknown')
    expect(await refused(party({ constructor: 'x' }))).toBe(
      'questions_changed/companions.0.answers.constructor:question_unknown',
    )
    expect(await refused({ quantity: 1, companions: [{ name: 'Cy', answers: { meal: 'x' } }] })).toBe(
      'companions_too_many',
    )
    expect(await refused({ quantity: 2, companions: [{ name: ' ', answers: { meal: 'x' } }] })).toMatch(
      'invalid_input/companions.0.name',
    )
  })

  it('depends on what was answered for the same person, and otherwise on what the booker answered', async () => {
    await offer(
      each('children', { type: 'boolean', eachPerson: false }),
      each('meal'),
      each('which', { required: true, showWhen: { key: 'meal', is: 'equals', value: 'Fish' } }),
      each('age', { required: true, showWhen: { key: 'children', is: 'set', value: '' } }),
    )
    const companions = [
      { name: 'Cy', answers: { meal: 'Fish', which: 'Cod', age: '7' } },
      { name: 'Di', answers: { meal: 'Soup', which: 'Cod', age: '8' } },
    ]
    const own = { meal: 'Soup', which: 'Eel' }
    const alone = await book({ quantity: 3, answers: own, companions })
    expect(await companionsOf(alone)).toEqual([
      ['Cy', 'MEAL: Fish', 'WHICH: Cod'],
      ['Di', 'MEAL: Soup'],
    ])
    await reduceParty(context.visitor, alone.uid, { quantity: 1 })
    const few = { quantity: 2, email: 'al@example.net', answers: { ...own, children: true, age: '40' } }
    expect(await refused({ ...few, companions: [{ name: 'Cy', answers: { meal: 'Fish' } }] })).toBe(
      'invalid_input/companions.0.answers.which:field_required/companions.0.answers.age:field_required',
    )
  })

  it('goes with who stays away, and moves with who moves', async () => {
    await offer(each('meal'))
    const companions = ['Cy', 'Di', 'Ed'].map((name) => ({ name, answers: { meal: `${name} eats` } }))
    const { uid } = await book({ quantity: 4, companions })
    await reduceParty(context.visitor, uid, { quantity: 3, away: [1] })
    await rescheduleBooking(context.visitor, { uid, start: Date.parse('2026-11-24T10:00:00Z'), reason: '' })
    expect(await companionsOf({ uid })).toEqual([
      ['Cy', 'MEAL: Cy eats'],
      ['Ed', 'MEAL: Ed eats'],
    ])
    const rows = await context.services.db
      .selectFrom('attendees')
      .where('host_id', '=', host.id)
      .select('companions')
      .execute()
    expect(JSON.stringify(rows)).not.toContain('Di')
  })

  it('stays with its person, when fifty say at once who stays away', async () => {
    await offer(each('meal'))
    const companions = ['Cy', 'Di', 'Ed'].map((name) => ({ name, answers: { meal: `${name} eats` } }))
    const { uid } = await book({ quantity: 4, companions })
    const tries = Array.from({ length: 50 }, (_, n) =>
      refusal(reduceParty(context.visitor, uid, { quantity: 2 + (n % 2), away: [n % 3] })),
    )
    expect(await Promise.all(tries)).toContain('done')
    const left = await companionsOf({ uid })
    expect(left.length).toBeLessThanOrEqual(2)
    for (const [name, ...answers] of left) expect(answers).toEqual([`MEAL: ${name} eats`])
  })

  it('has its place in the CSV: under its question, behind the name', async () => {
    await offer(MEAL, each('age', { type: 'number', showWhen: { key: 'meal', is: 'equals', value: 'Soup' } }))
    const companions = [{ name: '=Cy', answers: { meal: 'Soup', age: 7 } }]
    await book({ quantity: 2, answers: { meal: 'Fish' }, companions })
    let csv = ''
    const search = { tab: 'all', now: asHost.clock.now() } as const
    for await (const piece of exportBookings(asHost.db, userScope(asHost), search, false)) csv += piece
    const [head = '', row = ''] = csv.split('\r\n')
    expect(head.endsWith(',companions,Meal,AGE')).toBe(true)
    expect(row.endsWith(`,'=Cy,"Fish\n=Cy: Soup",'=Cy: 7`)).toBe(true)
  })
})
