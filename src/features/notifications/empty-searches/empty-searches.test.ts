import { Temporal } from 'temporal-polyfill'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import type { Delivery } from '#platform/deliveries.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { deliveriesOfTopic, keptMail } from '#test/mails.ts'
import { insertEventType, insertHost, type TestEventType, type TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { ownAccount } from '../../accounts/queries.ts'
import { updateEmptySearchMails } from '../../accounts/settings/commands.ts'
import { countEmptySearch } from '../../availability/empty-searches/commands.ts'
import { emptySearchCarrier, emptySearchTimer } from './jobs.ts'

const START = '2026-11-16T08:00:00Z'
const { mail, sent } = keptMail()
let test: TestContext
let system: Ctx
let host: TestHost
let ctx: Ctx
beforeAll(async () => {
  test = await testContext({ mail, now: START })
  system = test.as({ kind: 'system' })
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set(START)
  sent.length = 0
  host = await insertHost(test.services.db, { locale: 'de' })
  ctx = test.as({ kind: 'user', userId: host.id, role: 'member', via: 'session' })
})

/** One whose hours are gone, so that nothing is free. */
async function barren(settings: TestEventType = {}): Promise<number> {
  const id = await insertEventType(test.services.db, host.id, { title: 'Sprechstunde', ...settings })
  await setHours('[]')
  return id
}

const setHours = (weekly: string) =>
  test.services.db
    .updateTable('schedules')
    .set({ weekly, updated_at: test.clock.now() })
    .where('id', '=', host.scheduleId)
    .execute()

const hoursIn = (hours: number) =>
  test.clock.set(
    Temporal.Instant.from(START)
      .add({ minutes: hours * 60 })
      .toString(),
  )
const look = () => emptySearchTimer.run(system, new AbortController().signal)
const plannedFor = async (eventTypeId: number) =>
  (await deliveriesOfTopic(test.services.db, 'empty_searches')).filter(
    ({ subject }) => subject === `empty-searches:${eventTypeId}`,
  )
const counted = (eventTypeId: number) =>
  test.services.db.selectFrom('empty_searches').selectAll().where('event_type_id', '=', eventTypeId).executeTakeFirst()

/** So many occasions, two hours apart. */
async function searches(eventTypeId: number, occasions: number): Promise<void> {
  for (let i = 0; i < occasions; i++) {
    hoursIn(2 * i)
    await countEmptySearch(system, eventTypeId)
  }
}

async function planned(eventTypeId: number): Promise<Delivery> {
  await searches(eventTypeId, 3)
  await look()
  const [delivery] = await plannedFor(eventTypeId)
  if (!delivery) throw new Error('nothing planned')
  return delivery
}

describe('searches that found nothing', () => {
  it('are counted once an hour, whoever looks', async () => {
    const id = await barren()
    await Promise.all(Array.from({ length: 50 }, () => countEmptySearch(system, id)))
    hoursIn(0.9)
    await Promise.all(Array.from({ length: 50 }, () => countEmptySearch(system, id)))
    expect(await counted(id)).toMatchObject({ occasions: 1 })
    hoursIn(1)
    await Promise.all(Array.from({ length: 50 }, () => countEmptySearch(system, id)))
    expect(await counted(id)).toMatchObject({ occasions: 2 })
  })

  it('of more than a week ago count no more', async () => {
    const id = await barren()
    await searches(id, 2)
    hoursIn(7 * 24)
    await countEmptySearch(system, id)
    expect(await counted(id)).toMatchObject({ occasions: 1, since: test.clock.now() })
  })

  it('keep nothing but numbers and times, and end with the event type', async () => {
    const id = await barren()
    await countEmptySearch(system, id)
    expect(Object.keys((await counted(id)) ?? {}).sort()).toEqual([
      ...['event_type_id', 'last_at', 'occasions', 'since', 'told_at'],
    ])
    await test.services.db.deleteFrom('event_types').where('id', '=', id).execute()
    expect(await counted(id)).toBeUndefined()
    await countEmptySearch(system, id)
    expect(await counted(id)).toBeUndefined()
  })
})

describe('the mail about them', () => {
  it('is planned from the third occasion on, once a week for each event type, whoever looks first', async () => {
    const [id, other] = [await barren(), await barren({ slug: 'other' })]
    await searches(id, 2)
    await look()
    expect(await plannedFor(id)).toEqual([])
    hoursIn(4)
    await countEmptySearch(system, id)
    await Promise.all(Array.from({ length: 50 }, look))
    expect(await plannedFor(id)).toHaveLength(1)
    expect(await plannedFor(other)).toEqual([])
    for (let hour = 6; hour < 7 * 24 + 4; hour += 2) {
      hoursIn(hour)
      await countEmptySearch(system, id)
      await look()
    }
    expect(await plannedFor(id)).toHaveLength(1)
    hoursIn(7 * 24 + 4)
    await countEmptySearch(system, id)
    await Promise.all(Array.from({ length: 50 }, look))
    expect(await plannedFor(id)).toHaveLength(2)
  })

  it('says in the language of the host which event type, how often and why, and how to stop it', async () => {
    const id = await barren()
    const delivery = await planned(id)
    expect(await emptySearchCarrier.carry(delivery, system)).toEqual({ state: 'delivered' })
    const [letter] = sent
    expect(letter?.to.address).toBe(`${host.username}@example.org`)
    expect(letter?.subject).toBe('Für „Sprechstunde“ findet niemand eine Zeit')
    for (const text of [letter?.text.replace(/\n {2}/g, ' ') ?? '', letter?.html ?? '']) {
      expect(text).toContain('Seit Montag, 16. November hat jemand 3 Mal eine Zeit für „Sprechstunde“ gesucht')
      expect(text).toContain('im Zeitplan sind keine Stunden')
      expect(text).toContain(`https://book.example.org/availability/month?type=${id}`)
      expect(text).toContain('https://book.example.org/settings/general#empty-searches')
    }
  })

  it('names what takes the time away where there are hours', async () => {
    await test.services.db.updateTable('users').set({ locale: 'en' }).where('id', '=', host.id).execute()
    const id = await insertEventType(test.services.db, host.id, { durations: [600] })
    expect(await emptySearchCarrier.carry(await planned(id), system)).toEqual({ state: 'delivered' })
    expect(sent[0]?.text).toContain('Likely reason:\n  your hours are too short for it')
    expect(sent[0]?.text).toContain('On 3 different occasions since Monday, November 16, somebody looked for a time')
  })

  it('is not sent when there are times again, nor to who is away, nor a long time after', async () => {
    const id = await barren()
    const delivery = await planned(id)
    await setHours(JSON.stringify([{ days: [1, 2, 3, 4, 5], start: 540, end: 1020 }]))
    expect(await emptySearchCarrier.carry(delivery, system)).toEqual({ state: 'skipped', reason: 'times_again' })
    const now = test.clock.now()
    await test.services.db
      .insertInto('absences')
      .values({
        ...{ user_id: host.id, first_date: '2026-11-16', last_date: '2026-12-31', reason: 'vacation' },
        ...{ redirect_user_id: null, redirect_url: null, created_at: now, updated_at: now },
      })
      .execute()
    const changed = now.add({ seconds: 1 })
    await test.services.db.updateTable('users').set({ updated_at: changed }).where('id', '=', host.id).execute()
    expect(await emptySearchCarrier.carry(delivery, system)).toEqual({ state: 'skipped', reason: 'host_away' })
    hoursIn(8 * 24)
    await countEmptySearch(system, id)
    expect(await emptySearchCarrier.carry(delivery, system)).toEqual({ state: 'skipped', reason: 'too_late' })
    expect(sent).toEqual([])
  })

  it('can be switched off, which the log tells', async () => {
    expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({ emptySearchMails: true })
    const id = await barren()
    const delivery = await planned(id)
    await updateEmptySearchMails(ctx, {})
    expect(await ownAccount(userScope(ctx), ctx.db)).toMatchObject({ emptySearchMails: false })
    expect(await emptySearchCarrier.carry(delivery, system)).toEqual({ state: 'skipped', reason: 'recipient_gone' })
    const quiet = await barren({ slug: 'quiet' })
    await searches(quiet, 3)
    await look()
    expect(await plannedFor(quiet)).toEqual([])
    const events = await ctx.db.selectFrom('events').where('owner_id', '=', host.id).select('name').execute()
    expect(events).toContainEqual({ name: 'account.empty_search_mails_changed' })
    expect(await refusal(updateEmptySearchMails(ctx, { emptySearchMails: 'yes' }))).toMatch('invalid_input')
    expect(await refusal(updateEmptySearchMails(test.visitor, {}))).toBe('sign_in_required')
  })
})
