import { sql } from 'kysely'
import type { Temporal } from 'temporal-polyfill'
import type { Tx } from '#platform/db/transaction.ts'
import type { Answer } from '../answers/types.ts'
import type { Companion } from '../seats/party/types.ts'
import type { ErasureCounts } from './types.ts'

interface Wanted {
  userId: number
  emails: readonly string[]
  now: Temporal.Instant
  /** Of a booking whose title named somebody, when its event type is gone. In the host's language. */
  neutralTitle: string
  /** Takes everything of the addresses along that does not hang on bookings: blocks, saved searches, links still in use. */
  thorough: boolean
  keepBlock: boolean
}

interface Gone {
  id: number
  booking_id: number
  kind: 'booker' | 'guest'
  answers: Answer[]
  companions: Companion[]
}

/**
 * Forgets people: the rows of attendees stay, with no name and no address, so that what was booked stays booked. Bookings that are still
 * to come are left alone but for guests, who are taken out of them; whoever books meanwhile stays.
 */
export async function erasePeople(tx: Tx, wanted: Wanted): Promise<ErasureCounts> {
  const { userId, emails } = wanted
  const over = await lockBookingsOver(tx, wanted)
  const guests = await removeGuestsAhead(tx, wanted, over)
  const { rows: gone } = await sql<Gone>`
    select id, booking_id, kind, answers, companions from attendees
    where host_id = ${userId} and email = any(${[...emails]}::text[])
      and (booking_id = any(${over}::int8[]) or cancelled_at is not null)
    for update`.execute(tx)
  const files = await eraseFiles(tx, userId, gone)
  await eraseAttendees(tx, userId, gone)
  const left = await emptied(tx, gone)
  const ids = [...new Set(gone.map(({ booking_id }) => booking_id))]
  await eraseTexts(tx, wanted, gone, left)
  const beside = await eraseBeside(tx, wanted, gone, left)
  const bookings = ids.length + guests
  const any = bookings + Object.values(beside).reduce((sum, count) => sum + count, 0) > 0
  return {
    ...{ people: any ? emails.length : 0, bookings, files },
    answers: gone.flatMap((one) => [...one.answers, ...one.companions.flatMap(({ answers = [] }) => answers)]).length,
    ...beside,
  }
}

/** Ids of their bookings that are over or called off. All of them are locked, so that none of them is moved meanwhile. */
async function lockBookingsOver(tx: Tx, { userId, emails, now }: Wanted): Promise<number[]> {
  const { rows } = await sql<{ id: number; over: boolean }>`
    select b.id, (b.status in ('cancelled', 'rejected') or b.ends_at <= ${now}) as over from bookings b
    where b.host_id = ${userId}
      and b.id in (select a.booking_id from attendees a where a.host_id = ${userId} and a.email = any(${[...emails]}::text[]))
    order by b.id for update`.execute(tx)
  return rows.filter(({ over }) => over).map(({ id }) => id)
}

/** Guests of what is still to come: it goes on without them. */
async function removeGuestsAhead(tx: Tx, { userId, emails }: Wanted, over: readonly number[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from attendees where host_id = ${userId} and kind = 'guest' and email = any(${[...emails]}::text[])
      and booking_id <> all(${[...over]}::int8[])`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

async function eraseFiles(tx: Tx, userId: number, gone: readonly Gone[]): Promise<number> {
  const ids = gone.flatMap(({ answers }) => answers.flatMap(({ file }) => (file ? [file.id] : [])))
  const { numAffectedRows } = await sql`
    delete from booking_files f using bookings b
    where f.id = any(${ids}::uuid[]) and b.id = f.booking_id and b.host_id = ${userId}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

async function eraseAttendees(tx: Tx, userId: number, gone: readonly Gone[]): Promise<void> {
  await sql`
    update attendees a set name = '', email = '', answers = '[]', companions = '[]', metadata = '{}', tracking = '{}', notes = '', reason = '', time_zone = b.time_zone, locale = h.locale
    from bookings b join users h on h.id = b.host_id
    where a.id = any(${gone.map(({ id }) => id)}::int8[]) and b.id = a.booking_id and b.host_id = ${userId}`.execute(tx)
}

/** Those of the bookings in which nobody is known any more. */
async function emptied(tx: Tx, gone: readonly Gone[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct a.booking_id as id from attendees a where a.booking_id = any(${gone.map((one) => one.booking_id)}::int8[])
      and not exists (select from attendees o where o.booking_id = a.booking_id and o.email <> '')`.execute(tx)
  return rows.map(({ id }) => id)
}

/** What was written about or by them on the bookings themselves. */
async function eraseTexts(
  tx: Tx,
  { neutralTitle }: Wanted,
  gone: readonly Gone[],
  left: readonly number[],
): Promise<void> {
  const booked = gone.filter(({ kind }) => kind === 'booker').map(({ booking_id }) => booking_id)
  await sql`
    update bookings b set notes = '', reason = '', reschedule_requested = false,
      title = coalesce((select e.title from event_types e where e.id = b.event_type_id), ${neutralTitle}),
      location = case when b.location->>'kind' like 'attendee\\_%' then null else b.location end
    where b.id = any(${booked}::int8[]) and b.seats is null`.execute(tx)
  await sql`update bookings set reason = '' where id = any(${[...left]}::int8[]) and reason <> ''`.execute(tx)
  await eraseDeliveries(tx, [...new Set(gone.map(({ booking_id }) => booking_id))])
}

/** What other servers answered about the bookings: a mail server often names the address. */
async function eraseDeliveries(tx: Tx, bookingIds: readonly number[]): Promise<void> {
  const subjects = sql`
    select 'booking:' || b.id from bookings b where b.id = any(${[...bookingIds]}::int8[])
    union all select 'series:' || b.series_id from bookings b where b.id = any(${[...bookingIds]}::int8[]) and b.series_id is not null`
  await sql`update deliveries set detail = '' where detail <> '' and subject in (${subjects})`.execute(tx)
}

/** Everything else that names them or was kept because of them. */
async function eraseBeside(
  tx: Tx,
  { userId, emails, now, thorough, keepBlock }: Wanted,
  gone: readonly Gone[],
  left: readonly number[],
): Promise<ErasureCounts> {
  const addresses = sql`${[...emails]}::text[]`
  const ids = gone.map(({ id }) => id)
  const booked = gone.filter(({ kind }) => kind === 'booker').map(({ booking_id }) => booking_id)
  const count = async (query: { execute(db: Tx): Promise<{ numAffectedRows?: bigint }> }) =>
    Number((await query.execute(tx)).numAffectedRows ?? 0)
  const ended = sql`(l.revoked_at is not null or l.expires_at <= ${now} or l.uses >= l.most_uses)`
  return {
    ratings: await count(
      sql`update booking_ratings set comment = '' where attendee_id = any(${ids}::int8[]) and comment <> ''`,
    ),
    reports: await count(
      sql`update booking_reports set note = '' where booking_id = any(${booked}::int8[]) and note <> ''`,
    ),
    notes: await count(sql`delete from booking_notes where booking_id = any(${[...left]}::int8[])`),
    contacts: await count(sql`
      delete from contacts c where c.user_id = ${userId} and c.email = any(${addresses})
        and not exists (select from attendees a where a.host_id = ${userId} and a.email = c.email)`),
    codes: await count(sql`
      delete from mail_codes m
      where m.email = any(${addresses}) and (m.host_id = ${userId}
        or m.event_type_id in (select id from event_types where user_id = ${userId}))`),
    decoys: await count(sql`
      delete from decoys d using booker_blocks b
      where b.id = d.block_id and b.user_id = ${userId} and d.email = any(${addresses})`),
    links: await count(sql`
      delete from private_links l using event_types e
      where e.id = l.event_type_id and e.user_id = ${userId} and l.person_email = any(${addresses})
        and ${thorough ? sql`true` : ended}`),
    trashed: await count(sql`
      delete from trash t where t.user_id = ${userId} and t.source not in ('event_types', 'schedules')
        and ((t.source = 'booking_notes' and (t.content->>'booking_id')::int8 = any(${[...left]}::int8[]))
          or ${mentions(sql`t.content::text`, emails)})`),
    ...(thorough && {
      views: await count(sql`
        delete from booking_views v where v.user_id = ${userId}
          and (${mentions(sql`v.query`, emails)} or ${mentions(sql`v.name`, emails)})`),
      blocks: keepBlock ? 0 : await unblock(tx, userId, emails),
    }),
  }
}

async function unblock(tx: Tx, userId: number, emails: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from booker_blocks where user_id = ${userId} and kind = 'email' and value = any(${[...emails]}::text[])`.execute(
    tx,
  )
  await sql`
    update event_types set options = jsonb_set(options, '{excludedEmails}', (options->'excludedEmails') - ${[...emails]}::text[])
    where user_id = ${userId} and options->'excludedEmails' ?| ${[...emails]}::text[]`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** Whether a text holds one of the addresses, as it is or as queries of addresses write it. */
function mentions(text: ReturnType<typeof sql>, emails: readonly string[]) {
  const patterns = emails.flatMap((email) => [email, encodeURIComponent(email)])
  const escaped = [...new Set(patterns)].map((one) => `%${one.replace(/[\\%_]/g, '\\$&')}%`)
  return sql`${text} ilike any(${escaped}::text[])`
}
