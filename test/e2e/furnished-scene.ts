import { Temporal } from 'temporal-polyfill'
import { beforeAll } from 'vitest'
import { hashToken, randomToken, uuidv7 } from '#platform/crypto.ts'
import { insertEventType } from '#test/offers.ts'
import { book, freeStarts, OWNER, ownOffer, postForm, type Scene, useScene } from './scene.ts'

/** Each is nobody's but the host's, or one attendee's. */
export const SECRETS = {
  hostMail: OWNER.email,
  otherHostMail: 'eve@example.org',
  bookerMail: 'bo@example.net',
  bookerName: 'Bo Secret',
  guestMail: 'guest@example.net',
  seatMail: 'cy@example.net',
  seatName: 'Cy Secret',
  besideMail: 'dan@example.net',
  besideName: 'Dan Secret',
  room: 'room-after-booking',
  hiddenTitle: 'Hidden audience',
  schedule: 'Secret hours',
  admitted: 'admitted.example',
  replies: 'replies@example.org',
  hiddenAnswer: 'letter-of-the-seventh',
  tracking: 'utm-secret',
  metadata: 'metadata-secret',
  note: 'a note to oneself',
  preset: 'a preset of the host',
  tag: 'a-tag-of-theirs',
  contact: 'what is known of them',
  hook: 'hooks.example.org',
  hookSecret: 'whsec-secret',
  linkLabel: 'label-of-a-link',
  keyLabel: 'label-of-a-key',
  accountData: 'data-of-the-account',
} as const
export type Secret = keyof typeof SECRETS

async function keyOf({ app }: Scene, userId: number): Promise<string> {
  const key = `sun_${randomToken()}`
  await app.db
    .insertInto('api_keys')
    .values({
      ...{ id: uuidv7(), user_id: userId, label: SECRETS.keyLabel, prefix: key.slice(0, 12), key_hash: hashToken(key) },
      ...{ created_at: Temporal.Now.instant(), scopes: null, expires_at: null },
    })
    .execute()
  return key
}

/** A host who has something of everything, people who booked, and another host. */
async function furnish(scene: Scene) {
  const { app, ownerId } = scene
  const { db } = app
  const now = Temporal.Now.instant()
  const person = { name: 'Eve Else', username: 'eve', email: SECRETS.otherHostMail, password: 'not a host of theirs' }
  const signedUp = await postForm(app, '/auth/sign-up', { ...person, timeZone: 'UTC' })
  const eveCookie = signedUp.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { id: eveId } = await db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'eve')
    .executeTakeFirstOrThrow()
  await db.updateTable('users').set({ getting_started: null }).execute()
  await db
    .updateTable('users')
    .set({ metadata: JSON.stringify({ crm: SECRETS.accountData }) })
    .where('id', '=', ownerId)
    .execute()
  await db.updateTable('schedules').set({ name: SECRETS.schedule }).where('user_id', '=', ownerId).execute()
  const question = {
    ...{ key: 'source', type: 'text' as const, label: 'Source', help: 'Helps', placeholder: 'Holds', required: false },
    ...{ hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '' },
  }
  const talk = await ownOffer(scene, {
    ...{ slug: 'talk', title: 'A talk' },
    locations: [
      {
        kind: 'link',
        url: `https://meet.example.org/${SECRETS.room}`,
        label: 'Room',
        video: true,
        shown: 'after_booking',
      },
    ],
    options: {
      replyTo: SECRETS.replies,
      excludedEmails: [SECRETS.admitted],
      questions: [
        { ...question, hidden: true },
        { ...question, key: 'open', label: 'Open' },
      ],
    },
  })
  const seats = { count: 4, showAttendees: false, showFree: true, maxPerBooking: 2 }
  const course = await ownOffer(scene, { slug: 'course', title: 'A course', options: { seats } })
  const hiddenId = await insertEventType(db, ownerId, { slug: 'hidden', title: SECRETS.hiddenTitle })
  await db.updateTable('event_types').set({ hidden: true }).where('id', '=', hiddenId).execute()
  const starts = (await freeStarts(app, talk)).slice(30)
  const start = (n: number) => starts[n * 4] ?? 0
  const uid = await book(app, talk, start(0), { name: SECRETS.bookerName, email: SECRETS.bookerMail })
  const seat = await book(app, course, start(1), { name: SECRETS.seatName, email: SECRETS.seatMail })
  await book(app, course, start(1), { name: SECRETS.besideName, email: SECRETS.besideMail })
  const { id: bookingId } = await db
    .selectFrom('bookings')
    .select('id')
    .where('uid', '=', uid)
    .executeTakeFirstOrThrow()
  const carried = {
    metadata: JSON.stringify({ order: SECRETS.metadata }),
    tracking: JSON.stringify({ utm_source: SECRETS.tracking }),
    answers: JSON.stringify([
      { key: 'source', label: 'Source', type: 'text', hidden: true, value: SECRETS.hiddenAnswer },
      { key: 'open', label: 'Open', type: 'text', hidden: false, value: 'An open answer' },
    ]),
  }
  await db.updateTable('attendees').set(carried).execute()
  await db
    .insertInto('booking_notes')
    .values({ booking_id: bookingId, user_id: ownerId, text: SECRETS.note, created_at: now })
    .execute()
  await db
    .insertInto('note_presets')
    .values({ user_id: ownerId, text: SECRETS.preset, reason: 'A reason', created_at: now })
    .execute()
  await db
    .insertInto('contacts')
    .values({
      ...{ user_id: ownerId, email: SECRETS.bookerMail, tags: [SECRETS.tag], notes: SECRETS.contact, updated_at: now },
      merged_into: null,
    })
    .execute()
  const { id: webhookId } = await db
    .insertInto('webhooks')
    .values({
      ...{ user_id: ownerId, event_type_id: null, url: `https://${SECRETS.hook}/x`, triggers: ['MEETING_ENDED'] },
      ...{ secret: SECRETS.hookSecret, times_since: now, created_at: now, updated_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const [ownKey, eveKey] = [await keyOf(scene, ownerId), await keyOf(scene, eveId)]
  const made = await fetch(`${app.url}/v2/event-types/${hiddenId}/private-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ownKey}`, 'content-type': 'application/json', 'cal-api-version': '2026-11-20' },
    body: '{}',
  })
  const { data: link } = (await made.json()) as { data: { linkId: string } }
  await db.updateTable('private_links').set({ label: SECRETS.linkLabel }).execute()
  const contact = await db.selectFrom('attendees').select('id').orderBy('id').executeTakeFirstOrThrow()
  const types = await db.selectFrom('event_types').select(['id', 'slug']).where('user_id', '=', ownerId).execute()
  const idOf = (slug: string) => types.find((one) => one.slug === slug)?.id ?? 0
  return {
    ...{ talk, course, uid, seat, bookingId, webhookId, ownKey, eveKey, eveCookie, free: start(3) },
    ...{ link: link.linkId, contactId: contact.id, talkId: idOf('talk'), hiddenId },
  }
}

export type Role = 'anonymous' | 'other' | 'owner'

/** A scene with something of everything that is kept, for tests of who reads it. */
export function useFurnishedScene() {
  const scene = useScene()
  const at = {} as Awaited<ReturnType<typeof furnish>>
  beforeAll(async () => {
    Object.assign(at, await furnish(scene))
  })

  /** Opens an address as somebody, with their session or their key. */
  function ask(address: string, role: Role, accept = 'text/html'): Promise<Response> {
    const api = address.startsWith('/v2')
    const cookie = { anonymous: '', other: at.eveCookie, owner: scene.ownerCookie }[role]
    const key = { anonymous: '', other: at.eveKey, owner: at.ownKey }[role]
    const headers: Record<string, string> = api
      ? { 'cal-api-version': '2026-11-20', ...(key && { authorization: `Bearer ${key}` }) }
      : { accept, ...(cookie && { cookie }) }
    return fetch(scene.app.url + address, { redirect: 'manual', headers })
  }

  return { scene, at, ask }
}
