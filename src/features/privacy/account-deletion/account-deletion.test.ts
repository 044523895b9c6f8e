import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { parseInput } from '#platform/input.ts'
import { userScope } from '#platform/scope.ts'
import { type TestContext, testContext } from '#test/context.ts'
import { type MailServer, startMailServer } from '#test/mail-server.ts'
import { switchedMail } from '#test/mails.ts'
import { insertManyBookings } from '#test/many-bookings.ts'
import { insertEventType } from '#test/offers.ts'
import { rowsReadBy } from '#test/plans.ts'
import { refusal } from '#test/refusal.ts'
import { createAccount, prepareAccount, signIn, updateProfile } from '../../accounts/commands.ts'
import { hasAccounts, publicProfile } from '../../accounts/queries.ts'
import { sessionByToken } from '../../accounts/sessions/queries.ts'
import { loadOffer } from '../../availability/queries.ts'
import { createBooking } from '../../bookings/creation/commands.ts'
import { createBookingSchema } from '../../bookings/schema.ts'
import { createDefaultSchedule } from '../../schedules/commands.ts'
import { deleteAccount, deleteOwnAccount } from './commands.ts'
import { workOffDeletions } from './jobs.ts'
import { previewDeletion } from './queries.ts'

const PASSWORD = 'quiet otter 42'
const mail = switchedMail()
let context: TestContext
let server: MailServer
let system: Ctx
let people = 0

beforeAll(async () => {
  context = await testContext({ worker: true, mail: mail.mail })
  system = context.as({ kind: 'system' })
})
afterAll(() => context.close())
beforeEach(async () => {
  context.clock.set('2026-11-23T08:00:00Z')
  server = await startMailServer({})
  await mail.connect(context.services, server.port)
})
afterEach(async () => {
  await mail.disconnect()
  await server.close()
  await context.services.db.deleteFrom('users').execute()
  await context.services.db.deleteFrom('held_usernames').execute()
})

interface Person {
  id: number
  username: string
  email: string
  ctx: Ctx
}

async function signUp(input: object, role: 'owner' | 'member') {
  const account = await prepareAccount(input)
  const habits = { locale: 'en', hourCycle: 'h23', weekStart: 1 } as const
  const id = await transaction(system.db, async (tx) => {
    const made = await createAccount(tx, system, { ...account, role, ...habits })
    await createDefaultSchedule(tx, system, { userId: made, timeZone: 'UTC', locale: 'en' })
    return made
  })
  return { id, role }
}

/** The first account of all owns the installation. */
async function person(): Promise<Person> {
  people++
  const username = `person${people}`
  const email = `${username}@example.org`
  const input = { email, username, name: 'Ada', password: PASSWORD, timeZone: 'UTC' }
  const first = !(await hasAccounts(system.db))
  const { id, role } = await signUp(input, first ? 'owner' : 'member')
  await insertEventType(context.services.db, id, { slug: 'talk' })
  return { id, username, email, ctx: context.as({ kind: 'user', userId: id, role, via: 'session' }) }
}

function book(host: Person, start: string, email = 'bo@example.net') {
  const booking = parseInput(createBookingSchema, { start, name: 'Bo', email, timeZone: 'UTC' })
  return createBooking(context.visitor, { offer: { username: host.username, slug: 'talk' }, booking, locale: 'en' })
}

const leaving = (who: Person, more: object = {}) =>
  deleteOwnAccount(who.ctx, { username: who.username, password: PASSWORD, reason: 'I am leaving', ...more })

/** The clock stands still, and jobs do not. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end; ) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it did not come to be in time')
}

const exists = async ({ id }: Person) =>
  (await context.services.db.selectFrom('users').where('id', '=', id).select('id').execute()).length > 0

describe('leaving', () => {
  it('is shown with counts that end where nobody needs them exactly', async () => {
    const { id, ctx } = await person()
    await insertManyBookings(ctx.db, { hostId: id, eventTypeId: null, count: 3000, until: '2027-04-01T09:00:00Z' })
    const preview = (db: Ctx['db']) => previewDeletion(db, userScope(ctx), context.clock.now())
    expect(await preview(ctx.db)).toMatchObject({ ahead: 1001, bookings: 1001 })
    expect(await rowsReadBy(context.database, preview)).toBeLessThan(2500)
  })

  it('tells those it calls off, then leaves nothing', async () => {
    await person()
    const who = await person()
    await book(who, '2026-11-23T10:00:00Z')
    await book(who, '2026-11-24T10:00:00Z', 'cy@example.net')
    await until(async () => server.mails.length === 4)
    expect(await previewDeletion(who.ctx.db, userScope(who.ctx), context.clock.now())).toEqual({
      ...{ ahead: 2, bookings: 2, eventTypes: 1, soleOwner: false },
    })
    // The first is over by then.
    context.clock.set('2026-11-23T12:00:00Z')
    await leaving(who)
    expect(await exists(who)).toBe(true)
    await until(async () => {
      await workOffDeletions(system)
      return !(await exists(who))
    })
    const told = server.mails.slice(4).map(({ envelope, email }) => [envelope.to[0], email.subject])
    expect(told.map(([to]) => to).sort()).toEqual(['cy@example.net', who.email].sort())
    for (const { email } of server.mails.slice(4)) expect(email.text).toContain('I am leaving')
    for (const table of ['bookings', 'attendees', 'claims', 'schedules', 'account_deletions'] as const) {
      const column = { bookings: 'host_id', attendees: 'host_id', claims: 'host_id' }[table as 'bookings'] ?? 'user_id'
      const { rows } = await sql`select from ${sql.table(table)} where ${sql.ref(column)} = ${who.id}`.execute(
        system.db,
      )
      expect([table, rows.length]).toEqual([table, 0])
    }
    const { rows } = await sql<{ name: string; payload: object }>`
      select name, payload from events where subject = ${`user:${who.id}`} and name like 'account.delet%' order by position`.execute(
      system.db,
    )
    expect(rows).toEqual([
      { name: 'account.deletion_requested', payload: { userId: who.id } },
      { name: 'account.deleted', payload: { userId: who.id } },
    ])
  })

  it('ends every way in at once', async () => {
    await person()
    const who = await person()
    const { token } = await signIn(context.visitor, { email: who.email, password: PASSWORD })
    expect(await sessionByToken(context.visitor, token)).not.toBeNull()
    await leaving(who)
    expect(await sessionByToken(context.visitor, token)).toBeNull()
    expect(await refusal(signIn(context.visitor, { email: who.email, password: PASSWORD }))).toBe('wrong_credentials')
    expect(await publicProfile(system.db, who.username)).toBeNull()
    expect(await loadOffer(system.db, { username: who.username, slug: 'talk' })).toBeNull()
    expect(await refusal(leaving(who))).toMatch(/^current_password_wrong/)
  })

  it('asks for name and password, and for a reason where somebody is called off', async () => {
    await person()
    const who = await person()
    expect(await refusal(leaving(who, { password: 'wrong otter 42' }))).toBe(
      'current_password_wrong/password:current_password_wrong',
    )
    expect(await refusal(leaving(who, { username: 'person' }))).toBe('username_mismatch/username:username_mismatch')
    const key = { ...who.ctx, actor: { ...who.ctx.actor, via: 'api_key' } } as Ctx
    expect(await refusal(leaving({ ...who, ctx: key }))).toBe('needs_session')
    await book(who, '2026-11-24T10:00:00Z')
    expect(await refusal(leaving(who, { reason: ' ' }))).toBe('reason_required')
    expect(await exists(who)).toBe(true)
    expect(await publicProfile(system.db, who.username)).not.toBeNull()
  })

  it('is not for the only owner while others stay, and never for both of the last two', async () => {
    const owner = await person()
    const member = await person()
    expect(await refusal(leaving(owner))).toBe('sole_owner')
    await system.db.updateTable('users').set({ role: 'owner' }).where('id', '=', member.id).execute()
    const third = await person()
    const outcomes = await Promise.all([refusal(leaving(owner)), refusal(leaving(member))])
    expect(outcomes.sort()).toEqual(['done', 'sole_owner'])
    await leaving(third)
    const last = outcomes[0] === 'done' ? [owner, member] : [member, owner]
    await Promise.all(last.map((one) => refusal(leaving(one))))
    await mail.disconnect()
    await workOffDeletions(system)
    const { rows } = await sql`select from users`.execute(system.db)
    expect(rows).toEqual([])
  })

  it('does not wait for mails for ever', async () => {
    await person()
    const who = await person()
    await book(who, '2026-11-26T10:00:00Z')
    await until(async () => server.mails.length === 2)
    await server.close()
    await leaving(who)
    await workOffDeletions(system)
    expect(await exists(who)).toBe(true)
    context.clock.add({ hours: 24 })
    await Promise.all([workOffDeletions(system), workOffDeletions(system)])
    expect(await exists(who)).toBe(false)
    server = await startMailServer({})
  })

  it('keeps the username from others for a while', async () => {
    await person()
    const who = await person()
    const other = await person()
    await leaving(who)
    const settings = { name: 'Eve', username: who.username, bio: '' }
    expect(await refusal(updateProfile(other.ctx, settings))).toBe('username_taken/username:username_taken')
    await workOffDeletions(system)
    expect(await exists(who)).toBe(false)
    const again = { email: 'eve@example.org', username: who.username, name: 'Eve', password: PASSWORD }
    const create = () => signUp(again, 'member')
    expect(await refusal(create())).toBe('username_taken/username:username_taken')
    context.clock.add({ hours: 24 * 90 })
    await workOffDeletions(system)
    await create()
  })

  it('gives the name to nobody who waits for it', async () => {
    await person()
    const who = await person()
    const others = await Promise.all(Array.from({ length: 10 }, () => person()))
    const outcomes = await Promise.all([
      refusal(leaving(who)),
      ...others.map(({ ctx }) => refusal(updateProfile(ctx, { name: 'Eve', username: who.username, bio: '' }))),
    ])
    expect(outcomes).toEqual(['done', ...others.map(() => 'username_taken/username:username_taken')])
  })

  it('is possible on the authority of whoever runs the installation', async () => {
    await person()
    const who = await person()
    await book(who, '2026-11-24T10:00:00Z')
    expect(await refusal(deleteAccount(system, { username: 'nobody', reason: '' }))).toBe('account_not_found')
    expect(await refusal(deleteAccount(system, { username: who.username, reason: '' }))).toBe('reason_required')
    await deleteAccount(system, { username: who.username, reason: 'The account is closed' })
    await until(async () => {
      await workOffDeletions(system)
      return !(await exists(who))
    })
    expect(server.mails.some(({ email }) => email.text?.includes('The account is closed'))).toBe(true)
  })

  it('calls off every booking that came about, however many book meanwhile', async () => {
    await person()
    const who = await person()
    const hours = Array.from(
      { length: 16 },
      (_, i) => `${String(9 + Math.floor(i / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`,
    )
    const starts = ['24', '25', '26', '27'].flatMap((day) => hours.map((time) => `2026-11-${day}T${time}:00Z`))
    const booked: number[] = []
    const bookings = starts.slice(0, 50).map((start) =>
      book(who, start).then(
        ({ id }) => booked.push(id),
        (error) => expect(error.code).toBe('event_type_not_found'),
      ),
    )
    const reason = 'The account is closed'
    await Promise.all([...bookings, deleteAccount(system, { username: who.username, reason })])
    const calledOff = async () => {
      const { rows } = await sql<{ id: number }>`
        select (payload->>'bookingId')::int8 as id from events where name = 'booking.cancelled' and owner_id = ${who.id}`.execute(
        system.db,
      )
      return rows.map(({ id }) => id).sort((a, b) => a - b)
    }
    // Those who came too late for the first look are called off by the second; until they are told, the account stays.
    await workOffDeletions(system)
    expect(await calledOff()).toEqual(booked.sort((a, b) => a - b))
    await mail.disconnect()
    await workOffDeletions(system)
    expect(await exists(who)).toBe(false)
  })
})
