import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseInput } from '#platform/input.ts'
import type { TestHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { hmac, useWebhooks } from '#test/webhooks.ts'
import { questionList } from '../../event-types/questions/schema.ts'
import { pingWebhook, rotateSecret } from '../commands.ts'

const { at, offer, asHost, make, book, bookingOf, calls, settled } = useWebhooks()

describe('what is sent', () => {
  it('is signed in both ways, under an id that is the delivery’s', async () => {
    const { secret } = await make()
    const { bookingId } = await bookingOf(book())
    const [call] = await calls(1)
    if (!call) throw new Error('no call')
    const [delivery] = await settled(bookingId, 1)
    const { headers, body } = call
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-cal-webhook-version': '2021-10-20' })
    expect(headers['webhook-id']).toBe(delivery?.id)
    expect(headers['x-cal-signature-256']).toBe(hmac(secret ?? '', body))
    const key = Buffer.from((secret ?? '').slice(6), 'base64')
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    expect(headers['webhook-timestamp']).toBe(String(Date.parse('2026-11-23T08:00:00Z') / 1000))
  })

  it('names the organizer by the address of the event type', async () => {
    const row = { user_id: at.host.id, email: 'office@example.net', verified_at: at.context.clock.now() }
    const verified = at.context.services.db.insertInto('verified_emails').values(row).returning('id')
    const { id: organizerEmailId } = await verified.executeTakeFirstOrThrow()
    const { db } = at.context.services
    const options = JSON.stringify({ organizerEmailId })
    await db.updateTable('event_types').set({ options }).where('id', '=', at.eventTypeId).execute()
    await make()
    await book()
    const [call] = await calls(1)
    expect(call?.json.payload.organizer).toMatchObject({ id: at.host.id, email: row.email })
  })

  it('has every key that receivers written for Cal.com read', async () => {
    await offer({
      locations: [{ kind: 'link', url: 'https://meet.example.org/ada', label: 'Room', video: true }],
      options: {
        questions: [
          {
            ...{ key: 'topic', type: 'text', label: 'What about?', help: '', placeholder: '', required: true },
            ...{ hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '' },
          },
        ],
      },
    })
    await make()
    await book({ notes: 'Bring tea', guests: ['cy@example.net'], answers: { topic: ['Engines'] } })
    const [call] = await calls(1)
    if (!call) throw new Error('no call')
    const { payload, triggerEvent, createdAt } = call.json
    expect([triggerEvent, createdAt]).toEqual(['BOOKING_CREATED', '2026-11-23T08:00:00.000Z'])
    expect(payload).toMatchObject({
      ...{
        type: 'talk',
        title: 'A talk',
        eventTitle: 'A talk',
        eventTypeId: at.eventTypeId,
        status: 'ACCEPTED',
        length: 30,
      },
      ...{ startTime: '2026-11-23T09:00:00.000Z', endTime: '2026-11-23T09:30:00.000Z', additionalNotes: 'Bring tea' },
      organizer: {
        ...{
          id: at.host.id,
          username: at.host.username,
          email: `${at.host.username}@example.org`,
          timeZone: 'Europe/Berlin',
        },
        ...{ language: { locale: 'en' }, timeFormat: 'HH:mm', utcOffset: 60 },
      },
      location: 'https://meet.example.org/ada',
      metadata: { videoCallUrl: 'https://meet.example.org/ada' },
      responses: {
        name: { label: 'your_name', value: 'Bo van Dyk', isHidden: false },
        email: { label: 'email_address', value: 'bo@example.net', isHidden: false },
        topic: { label: 'What about?', value: 'Engines', isHidden: false },
        guests: { value: ['cy@example.net'] },
      },
      userFieldsResponses: { topic: { label: 'What about?', value: 'Engines', isHidden: false } },
      customInputs: { 'What about?': 'Engines' },
      ...{ price: 0, currency: 'usd', requiresConfirmation: false, destinationCalendar: null, team: null },
      ...{ seatsPerTimeSlot: null, assignmentReason: null, eventDescription: '' },
    })
    expect((payload.attendees as object[])[0]).toEqual({
      ...{ email: 'bo@example.net', name: 'Bo van Dyk', firstName: 'Bo', lastName: 'van Dyk' },
      ...{ timeZone: 'America/New_York', language: { locale: 'en' }, utcOffset: -300 },
    })
    for (const key of ['uid', 'bookingId', 'iCalUID']) expect(payload[key]).toBeTruthy()
  })

  it('has what the booker calls the meeting as its title, and among the answers of every form', async () => {
    const title = {
      ...{ key: 'title', type: 'text' as const, label: 'What about?', help: '', placeholder: '', required: false },
      ...{ hidden: false, lockPrefilled: false, options: [], min: null, max: null, showWhen: null, text: '' },
    }
    await offer({ options: { questions: [title] } })
    await make()
    await book({ answers: { title: ['Engines'] } })
    const [call] = await calls(1)
    expect(call?.json.payload).toMatchObject({
      ...{ title: 'Engines', eventTitle: 'A talk', userFieldsResponses: {}, customInputs: {} },
      responses: { title: { label: 'What about?', value: 'Engines', isHidden: false } },
    })
    expect([call?.json.payload.userFieldsResponses, call?.json.payload.customInputs]).toEqual([{}, {}])
  })

  it('names who comes along with a seat', async () => {
    const seats = { count: 4, showAttendees: true, showFree: true, maxPerBooking: 3 }
    const questions = parseInput(questionList, [{ key: 'meal', type: 'text', label: 'Meal', eachPerson: true }])
    await offer({ options: { seats, questions } })
    await make()
    await book({ quantity: 3, companions: [{ name: 'Cy' }, { name: 'Di', answers: { meal: 'Soup' } }] })
    const [call] = await calls(1)
    const companions = [
      { name: 'Cy' },
      { name: 'Di', responses: { meal: { label: 'Meal', value: 'Soup', isHidden: false } } },
    ]
    expect(call?.json.payload.attendees).toMatchObject([{ name: 'Bo van Dyk', companions }])
  })

  it('takes the shape that its receiver asks for', async () => {
    await make({ template: '{"content":"{{triggerEvent}}: {{attendees.0.name}} with {{organizer.name}}"}' })
    await make({ template: 'what={{triggerEvent}}&who={{attendees.0.email}}', secret: null })
    await book({ name: 'Bo "The\\Quote"' })
    const all = await calls(2)
    const json = all.find(({ headers }) => headers['content-type'] === 'application/json')
    const form = all.find(({ headers }) => headers['content-type'] === 'application/x-www-form-urlencoded')
    expect(json?.json).toEqual({ content: `BOOKING_CREATED: Bo "The\\Quote" with ${await nameOf(at.host)}` })
    expect(form?.body).toBe('what=BOOKING_CREATED&who=bo%40example.net')
    expect(form?.headers['x-cal-signature-256']).toBe('no-secret-provided')
    expect(form?.headers).not.toHaveProperty('webhook-signature')
  })

  it('fails for good when a template does not give JSON', async () => {
    const template = '{"who": {{attendees.0.name}}}'
    expect(await refusal(make({ template }))).toBe('invalid_input/template:template_not_json')
    // A name that is a number for one booking need not be for another.
    const { id } = await make({ template: '{"id": {{bookingId}}}' })
    await at.context.services.db.updateTable('webhooks').set({ template }).where('id', '=', id).execute()
    const { bookingId } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', reason: 'template_not_json' }])
    expect(at.receiver.calls).toEqual([])
  })

  it('is signed with the former secret too, for a day', async () => {
    const { id, secret: former } = await make()
    const { secret } = await rotateSecret(asHost(), { id })
    expect(secret).not.toBe(former)
    const signatures = async () => {
      at.receiver.calls.length = 0
      await pingWebhook(asHost(), { id })
      const [call] = await calls(1)
      expect(call?.headers['x-cal-signature-256']).toBe(hmac(secret ?? '', call?.body ?? ''))
      return String(call?.headers['webhook-signature']).split(' ').length
    }
    expect(await signatures()).toBe(2)
    at.context.clock.add({ hours: 23 })
    expect(await signatures()).toBe(2)
    at.context.clock.add({ hours: 1 })
    expect(await signatures()).toBe(1)
    await rotateSecret(asHost(), { id, secret: null })
    at.receiver.calls.length = 0
    await pingWebhook(asHost(), { id })
    expect((await calls(1))[0]?.headers['x-cal-signature-256']).toBe('no-secret-provided')
  })
})

async function nameOf({ id }: TestHost): Promise<string> {
  const { name } = await at.context.services.db
    .selectFrom('users')
    .select('name')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return name
}
