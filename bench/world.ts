import { sql } from 'kysely'
import { Temporal } from 'temporal-polyfill'
import { answerPath } from '#features/bookings/answering/links/queries.ts'
import { sealingKey as feedKey } from '#features/bookings/feeds/queries.ts'
import { sealingKey as linkKey } from '#features/event-types/links/queries.ts'
import type { Config } from '#platform/config.ts'
import { encrypt, hashToken, randomToken, randomUid, uuidv7 } from '#platform/crypto.ts'
import type { Db } from '#platform/db/connect.ts'
import { type BenchHost, insertHost } from './host.ts'

const HOURS = { from: 540, to: 1020 }
const YEAR = 365 * 24
/** Version of a text that people agreed to. */
const TERMS = 'a'.repeat(43)

/** How much somebody has gathered who has used the product for so long. */
export interface Size {
  bookings: number
  eventTypes: number
  /** Of everything else that is made by hand: links, absences, notes, views, devices, … */
  byHand: number
}

/** What addresses need to name something of a host. */
export interface World {
  host: BenchHost
  username: string
  /** Cookie of somebody who is signed in as the host, and of somebody who has just begun. */
  session: string
  newcomer: string
  /** Tokens of what is reachable with them alone. */
  links: Record<'private' | 'recurring' | 'booker' | 'bookings' | 'freeBusy' | 'answer', string>
  ids: Record<'schedule' | 'absence' | 'webhook' | 'contact' | 'file' | 'terms', string>
  /** Paths of booking pages with seats and with a series. */
  seated: string
  recurring: string
  /** Addresses of bookings. */
  uids: Record<'upcoming' | 'past' | 'pending' | 'series' | 'seats' | 'withFile', string>
}

/**
 * Everything one host has, in a handful of statements. Bookings are half an hour each, one an hour, day and night, nine tenths of them
 * over: whoever has 100,000 has some 700 in each month. All of them take part in what makes pages slow: people who come back, guests,
 * answers, notes, ratings, seats, series, cancellations, what happened to them and what was sent.
 */
export async function insertWorld(
  db: Db,
  config: Pick<Config, 'secret'>,
  username: string,
  { bookings, eventTypes, byHand }: Size,
): Promise<World> {
  const host = await insertHost(db, username, HOURS)
  await db.updateTable('users').set({ role: 'owner' }).where('id', '=', host.id).execute()
  await insertEventTypes(db, host, eventTypes)
  await insertBookings(db, host, bookings)
  // What follows is joined to them, and PostgreSQL has to know how many there are.
  await sql`analyze`.execute(db)
  await insertWhatFollowed(db, host.id)
  await insertByHand(db, host, byHand)
  const links = await insertLinks(db, config, host, byHand)
  const [session, newcomer] = [await signIn(db, host.id), await signIn(db, await insertNewcomer(db, username))]
  const paths = { seated: `/${username}/talk-2`, recurring: `/${username}/talk-3` }
  const known = await idsOf(db, host.id)
  const answer = await answerLinkOf(db, config, known.uids.pending)
  return { host, username, session, newcomer, links: { ...links, answer }, ...paths, ...known }
}

async function answerLinkOf(db: Db, config: Pick<Config, 'secret'>, uid: string): Promise<string> {
  const booking = await db
    .selectFrom('bookings as b')
    .innerJoin('users as u', 'u.id', 'b.host_id')
    .where('b.uid', '=', uid)
    .select(['b.id', 'b.sequence', 'u.id as hostId', 'u.email'])
    .executeTakeFirstOrThrow()
  const { id, sequence, hostId, email } = booking
  const at = Temporal.Now.instant()
  return answerPath(config, { of: 'booking', id, sequence }, { host: { id: hostId, email }, at })
}

/** The second has seats, the third repeats. */
async function insertEventTypes(db: Db, { id }: BenchHost, count: number): Promise<void> {
  const question = { type: 'text', help: '', placeholder: '', required: false, hidden: false, lockPrefilled: false }
  const rest = { options: [], min: null, max: null, showWhen: null, text: '' }
  const questions = JSON.stringify([{ key: 'topic', label: 'What is it about?', ...question, ...rest }])
  await sql`
    insert into event_types (user_id, slug, title, description, durations, locations, notice, position, options)
    select ${id}::int8, 'talk-' || n, 'Talk ' || n, 'What we talk about when we talk.', '{30}',
      '[{"kind": "link", "url": "https://meet.example.org/ada", "label": "Meeting room", "video": true}]', 120, n,
      jsonb_build_object('questions', ${questions}::jsonb) || case n
        when 2 then '{"seats": {"count": 10, "showAttendees": true, "showFree": true, "maxPerBooking": 2}}'
        when 3 then '{"recurrence": {"frequency": "weekly", "interval": 1, "count": 10}}'
        else '{}' end::jsonb
    from generate_series(2, ${count}::int) n`.execute(db)
}

async function insertBookings(db: Db, { id, eventTypeId }: BenchHost, count: number): Promise<void> {
  const hours = Math.ceil(count / 10)
  await sql`insert into series (host_id, created_at)
    select ${id}::int8, now() from generate_series(1, ${Math.ceil(count / 200)}::int)`.execute(db)
  await sql`
    with types as (select array_agg(e.id order by e.position) as ids from event_types e where e.user_id = ${id}),
      rows as (select array_agg(s.id order by s.id) as ids from series s where s.host_id = ${id}),
      seated as (select e.id from event_types e where e.user_id = ${id} and e.options ? 'seats')
    insert into bookings (uid, event_type_id, host_id, status, title, starts_at, ends_at, time_zone, location, notes, reason, cancelled_by,
      seats, seats_taken, series_id, occurrence, host_no_show, created_at, updated_at)
    select md5(${id}::text || '/' || n) , case when n % 40 = 7 then seated.id when n % 3 = 0 then types.ids[1 + n % cardinality(types.ids)] else ${eventTypeId} end, ${id}::int8,
      case when n % 20 = 0 then 'cancelled' when n % 50 = 1 then 'pending' when n % 97 = 2 then 'rejected' else 'accepted' end,
      'Talk ' || n, at, at + interval '30 minutes', 'Europe/Berlin',
      '{"kind": "link", "url": "https://meet.example.org/ada", "label": "Meeting room", "video": true}',
      case when n % 4 = 0 then 'About the engine, part ' || n else '' end, case when n % 20 = 0 then 'Ill' else '' end,
      case when n % 20 = 0 then 'attendee' end,
      case when n % 40 = 7 then 10 end, case when n % 40 = 7 then 3 else 1 end,
      case when n % 20 = 3 then rows.ids[1 + n / 200] end, case when n % 20 = 3 then 1 + (n % 200) / 20 end,
      n % 60 = 11, at - interval '10 days', at - interval '10 days'
    from generate_series(1, ${count}::int) n, types, rows, seated,
      lateral (select date_trunc('hour', now()) + (n - ${count - hours}::int) * interval '1 hour' as at) t`.execute(db)
  await sql`
    insert into claims (host_id, booking_id, blocked)
    select host_id, id, tstzrange(starts_at, ends_at) from bookings
    where host_id = ${id} and status in ('pending', 'accepted')`.execute(db)
  // Most people come back; a third of them by another name than the first time.
  const people = Math.max(50, Math.floor(count / 10))
  await sql`
    insert into attendees (booking_id, host_id, kind, name, email, time_zone, locale, answers, tracking, seat_uid, no_show)
    select b.id, b.host_id, case when b.seats is null and k > 0 then 'guest' else 'booker' end,
      'Person ' || p || case when b.id % 3 = 0 then ' Junior' else '' end, 'person' || p || '@example.net', 'Europe/Berlin', 'en',
      case when b.id % 5 = 0 and k = 0
        then '[{"key": "topic", "label": "What is it about?", "type": "text", "hidden": false, "value": "The analytical engine"}]'
        else '[]' end::jsonb,
      case when b.id % 6 = 0 and k = 0 then '{"utm_source": "letter"}' else '{}' end::jsonb,
      case when b.seats is not null then md5(b.id || '/seat/' || k) end, b.id % 30 = 4
    from bookings b, lateral generate_series(0, case when b.seats is not null then 2 when b.id % 10 = 0 then 1 else 0 end) k,
      lateral (select (b.id * 7 + k * 13) % ${people} as p) x
    where b.host_id = ${id}`.execute(db)
}

/** What happened to each booking, what was sent of it, and how it was. */
async function insertWhatFollowed(db: Db, hostId: number): Promise<void> {
  await sql`
    insert into events (id, name, version, subject, payload, actor, owner_id, occurred_at)
    select uuidv7(), name, 1, 'booking:' || b.id, payload, '{"kind": "visitor"}', b.host_id, at
    from bookings b, lateral (
      select 'booking.created' as name, jsonb_build_object('bookingId', b.id, 'sequence', 0) as payload, b.created_at as at
      union all
      select 'booking.cancelled', jsonb_build_object('bookingId', b.id, 'sequence', 1, 'by', 'attendee'), b.created_at + interval '1 day'
      where b.status = 'cancelled') e
    where b.host_id = ${hostId} order by at`.execute(db)
  await sql`
    insert into deliveries (id, subject, kind, topic, target, version, state, reason, attempts, created_at, updated_at, delivered_at)
    select uuidv7(), 'booking:' || b.id, 'mail', 'booking.created', target, 0,
      case when b.id % 500 = 0 then 'failed' else 'delivered' end, case when b.id % 500 = 0 then 'refused' end, 1,
      b.created_at, b.created_at, case when b.id % 500 = 0 then null else b.created_at end
    from bookings b, unnest(array['host', 'booker']) target where b.host_id = ${hostId}`.execute(db)
  await sql`
    insert into booking_ratings (attendee_id, booking_id, stars, comment, created_at)
    select a.id, b.id, 1 + b.id % 5, case when b.id % 3 = 0 then 'It was worth the way.' else '' end, b.ends_at
    from bookings b join attendees a on a.booking_id = b.id and a.kind = 'booker'
    where b.host_id = ${hostId} and b.id % 7 = 0 and b.ends_at < now() and b.status = 'accepted'`.execute(db)
  await sql`
    insert into booking_notes (booking_id, user_id, text, created_at)
    select b.id, b.host_id, 'Note ' || n, b.ends_at from bookings b, generate_series(1, 3) n
    where b.host_id = ${hostId} and b.id % 20 = 1`.execute(db)
  await sql`
    insert into booking_files (id, booking_id, name, bytes, created_at)
    select uuidv7(), b.id, 'plan.txt', convert_to(repeat('engine ', 100), 'UTF8'), b.created_at from bookings b
    where b.host_id = ${hostId} and b.id % 100 = 9`.execute(db)
  await sql`
    insert into policy_texts (version, text, created_at) values (${TERMS}, 'Be kind.', now()) on conflict do nothing`.execute(
    db,
  )
  await sql`
    update attendees a set answers = jsonb_build_array(
      jsonb_build_object('key', 'terms', 'label', 'Terms', 'type', 'policy', 'hidden', false, 'value', true,
        'accepted', jsonb_build_object('version', ${TERMS}::text, 'at', '2026-01-01T00:00:00Z')),
      jsonb_build_object('key', 'plan', 'label', 'Plan', 'type', 'file', 'hidden', false, 'value', f.name,
        'file', jsonb_build_object('id', f.id, 'size', octet_length(f.bytes))))
    from booking_files f where f.booking_id = a.booking_id and a.host_id = ${hostId}`.execute(db)
  await sql`
    insert into contacts (user_id, email, tags, notes, updated_at)
    select ${hostId}::int8, email, case when p % 2 = 0 then array['tag-' || p % 40] else '{}' end,
      case when p % 3 = 0 then 'Likes engines.' else '' end, now()
    from (select email, row_number() over (order by email) as p from attendees where host_id = ${hostId} group by email) x
    where p % 5 < 3`.execute(db)
}

/** As much as people make by hand: some have a lot. */
async function insertByHand(db: Db, { id, eventTypeId }: BenchHost, many: number): Promise<void> {
  const few = Math.min(many, 20)
  await sql`insert into schedules (user_id, name, time_zone, weekly)
    select ${id}::int8, 'Hours ' || n, 'Europe/Berlin', '[{"days": [1, 2, 3, 4, 5], "start": 540, "end": 1020}]'
    from generate_series(2, ${few}::int) n`.execute(db)
  await sql`insert into absences (user_id, first_date, last_date, reason, note, created_at, updated_at)
    select ${id}::int8, d, d + 2, 'vacation', 'Away', now(), now()
    from generate_series(1, ${many}::int) n, lateral (select current_date + 400 + n * 7 as d) x`.execute(db)
  await sql`insert into trips (user_id, first_date, last_date, time_zone, created_at, updated_at)
    select ${id}::int8, d, d + 2, 'Asia/Tokyo', now(), now()
    from generate_series(1, ${few}::int) n, lateral (select current_date + 400 + n * 7 as d) x`.execute(db)
  await sql`insert into booking_views (user_id, name, tab, query, created_at)
    select ${id}::int8, 'View ' || n, 'upcoming', 'q=person' || n, now() from generate_series(1, ${few}::int) n`.execute(
    db,
  )
  await sql`insert into note_presets (user_id, text, reason, created_at)
    select ${id}::int8, 'Preset ' || n, 'Ill', now() from generate_series(1, ${few}::int) n`.execute(db)
  await sql`insert into booker_blocks (user_id, kind, value, created_at)
    select ${id}::int8, 'email', 'nobody' || n || '@example.net', now() from generate_series(1, ${many}::int) n`.execute(
    db,
  )
  await sql`insert into sessions (id, user_id, token_hash, created_at, last_used_at, expires_at, user_agent, address)
    select uuidv7(), ${id}::int8, sha256(convert_to(${id}::text || '/' || n, 'UTF8')), now(), now(), now() + interval '30 days',
      'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', '192.0.2.1'
    from generate_series(1, ${many}::int) n`.execute(db)
  await sql`insert into api_keys (id, user_id, label, prefix, key_hash, created_at)
    select uuidv7(), ${id}::int8, 'Key ' || n, 'sk_' || n, sha256(convert_to(${id}::text || '/key/' || n, 'UTF8')), now()
    from generate_series(1, ${few}::int) n`.execute(db)
  await sql`insert into erasures (id, user_id, kind, address_hash, counts, requested_at, done_at)
    select uuidv7(), ${id}::int8, 'address', sha256(convert_to(n::text, 'UTF8')), '{}', now(), now()
    from generate_series(1, ${many}::int) n`.execute(db)
  await sql`insert into webhooks (user_id, event_type_id, url, triggers, times_since, created_at, updated_at)
    select ${id}::int8, case when n % 2 = 0 then ${eventTypeId}::int8 end, 'https://example.org/hook/' || n, '{BOOKING_CREATED}', now(), now(), now()
    from generate_series(1, ${few}::int) n`.execute(db)
  await sql`
    with one as (select id from webhooks where user_id = ${id} order by id limit 1), made as (
      insert into deliveries (id, subject, kind, topic, target, version, state, attempts, created_at, updated_at, delivered_at)
      select uuidv7(), 'booking:' || b.id, 'webhook', 'BOOKING_CREATED', one.id::text, b.id, 'delivered', 2, now(), now(), now()
      from one, lateral (select id from bookings where host_id = ${id} order by id desc limit ${many * 50}) b
      returning id, target)
    insert into webhook_attempts (id, delivery_id, webhook_id, attempt, url, request_headers, request_body, status, response_body,
      milliseconds, created_at)
    select uuidv7(), made.id, made.target::int8, n, 'https://example.org/hook/1', '{}', repeat('{"a": 1}', 100), 200, 'ok', 20, now()
    from made, generate_series(1, 2) n`.execute(db)
}

async function insertLinks(db: Db, config: Pick<Config, 'secret'>, { id, eventTypeId }: BenchHost, many: number) {
  const links = {
    private: randomUid(),
    recurring: randomUid(),
    booker: randomToken(),
    bookings: randomUid(),
    freeBusy: randomUid(),
  }
  const [now, later] = [Temporal.Now.instant(), Temporal.Now.instant().add({ hours: YEAR })]
  const recurring = await db
    .selectFrom('event_types')
    .select('id')
    .where('user_id', '=', id)
    .where('slug', '=', 'talk-3')
    .executeTakeFirstOrThrow()
  const tokens = [links.private, links.recurring, ...Array.from({ length: many }, randomUid)]
  await db
    .insertInto('private_links')
    .values(
      tokens.map((token, n) => ({
        ...{
          event_type_id: token === links.recurring ? recurring.id : eventTypeId,
          token_hash: hashToken(token),
          label: `Link ${n}`,
          starts: null,
          duration: null,
        },
        ...{ sealed_token: encrypt(linkKey(config), token), expires_at: later, most_uses: null, created_at: now },
      })),
    )
    .execute()
  const feeds = { bookings: links.bookings, free_busy: links.freeBusy } as const
  for (const kind of ['bookings', 'free_busy'] as const) {
    const token_hash = hashToken(feeds[kind])
    const row = { user_id: id, kind, token_hash, sealed_token: encrypt(feedKey(config), feeds[kind]), created_at: now }
    await db.insertInto('calendar_feeds').values(row).execute()
  }
  const email = 'person7@example.net'
  const ask = {
    id: uuidv7(),
    email,
    token_hash: hashToken(links.booker),
    locale: 'en',
    created_at: now,
    expires_at: later,
  }
  await db.insertInto('booker_links').values(ask).execute()
  return links
}

async function insertNewcomer(db: Db, username: string): Promise<number> {
  const { id } = await insertHost(db, `${username}-new`, HOURS)
  await db.updateTable('users').set({ getting_started: 'profile' }).where('id', '=', id).execute()
  return id
}

async function signIn(db: Db, userId: number): Promise<string> {
  const token = randomToken()
  const now = Temporal.Now.instant()
  const times = { created_at: now, last_used_at: now, expires_at: now.add({ hours: 24 }) }
  await db
    .insertInto('sessions')
    .values({ id: uuidv7(), user_id: userId, token_hash: hashToken(token), ...times })
    .execute()
  return token
}

async function idsOf(db: Db, hostId: number): Promise<Pick<World, 'ids' | 'uids'>> {
  const uid = (condition: ReturnType<typeof sql>) =>
    sql`(select b.uid from bookings b where b.host_id = ${hostId} and ${condition} limit 1)`
  const ahead = sql`b.starts_at > now() + interval '2 days'`
  const { rows } = await sql<{ ids: World['ids']; uids: World['uids'] }>`
    select json_build_object(
      'schedule', (select min(id)::text from schedules where user_id = ${hostId}),
      'absence', (select min(id)::text from absences where user_id = ${hostId}),
      'webhook', (select min(id)::text from webhooks where user_id = ${hostId}),
      'contact', (select min(id)::text from attendees where host_id = ${hostId}),
      'terms', ${TERMS}::text,
      'file', (select f.id from booking_files f join bookings b on b.id = f.booking_id where b.host_id = ${hostId} order by b.id limit 1)
    ) as ids, json_build_object(
      'upcoming', ${uid(sql`${ahead} and b.status = 'accepted' and b.seats is null and b.series_id is null`)},
      'past', ${uid(sql`b.ends_at < now() - interval '2 days' and b.status = 'accepted' and b.seats is null`)},
      'pending', ${uid(sql`${ahead} and b.status = 'pending'`)},
      'series', ${uid(sql`${ahead} and b.series_id is not null`)},
      'seats', ${uid(sql`${ahead} and b.seats is not null`)},
      'withFile', (select b.uid from booking_files f join bookings b on b.id = f.booking_id where b.host_id = ${hostId} order by b.id limit 1)
    ) as uids`.execute(db)
  const [row] = rows
  if (!row) throw new Error('nothing was made')
  return row
}
