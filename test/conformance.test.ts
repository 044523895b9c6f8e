import { describe, expect, it } from 'vitest'
import { compare, conformance, operationsOf } from './conformance.ts'

/** What clients of the incumbent's v2 can rely on, and what of it we do not have. */
const OFFERED: Record<string, readonly string[]> = {
  'get /v2/me': ['response data.organization'],
  // A mail address is proven before it is changed, by its owner and not by a program.
  'patch /v2/me': ['request email', 'response data.organization'],
  'get /v2/calendars/busy-times': [],
  'post /v2/verified-resources/emails/verification-code/request': [],
  'post /v2/verified-resources/emails/verification-code/verify': [],
  'get /v2/verified-resources/emails': [],
  'get /v2/verified-resources/emails/{id}': [],
  // There are no numbers, and these say so.
  'post /v2/verified-resources/phones/verification-code/request': [],
  'post /v2/verified-resources/phones/verification-code/verify': [],
  'get /v2/verified-resources/phones': [],
  'get /v2/verified-resources/phones/{id}': [],
  'post /v2/api-keys/refresh': [],
  'post /v2/schedules': [],
  'get /v2/schedules': ['response error'],
  'get /v2/schedules/default': [],
  'get /v2/schedules/{scheduleId}': ['response error'],
  'patch /v2/schedules/{scheduleId}': ['response error'],
  'delete /v2/schedules/{scheduleId}': [],
  'post /v2/event-types/{eventTypeId}/private-links': [],
  'get /v2/event-types/{eventTypeId}/private-links': [],
  'patch /v2/event-types/{eventTypeId}/private-links/{linkId}': [],
  'delete /v2/event-types/{eventTypeId}/private-links/{linkId}': [],
  'post /v2/webhooks': [],
  'get /v2/webhooks': [],
  'get /v2/webhooks/{webhookId}': [],
  'patch /v2/webhooks/{webhookId}': [],
  'delete /v2/webhooks/{webhookId}': [],
  'post /v2/event-types/{eventTypeId}/webhooks': [],
  'get /v2/event-types/{eventTypeId}/webhooks': [],
  'delete /v2/event-types/{eventTypeId}/webhooks': [],
  'get /v2/event-types/{eventTypeId}/webhooks/{webhookId}': [],
  'patch /v2/event-types/{eventTypeId}/webhooks/{webhookId}': [],
  'delete /v2/event-types/{eventTypeId}/webhooks/{webhookId}': [],
  'delete /v2/event-types/{eventTypeId}': [],
  'get /v2/slots': [],
  'post /v2/slots/reservations': [],
  // Their document puts the whole reply into itself; what there is none of is null there, and 404 here.
  'get /v2/slots/reservations/{uid}': ['response data.data', 'response data.status'],
  'patch /v2/slots/reservations/{uid}': [],
  'delete /v2/slots/reservations/{uid}': [],
}

/**
 * What bookings do not have: teams, routing forms and connected video services; links that bookers bring themselves, which would put
 * any address into the host's calendar; numbers of guests, whom nobody calls. One that moves keeps its uid, so that none leads from or to
 * another (docs/adr/0010-the-api.md). What is done to one booking is answered with one, and nothing that was done has an `error`.
 */
const NOT_OF_BOOKINGS =
  /^(query team(Id|sIds)|request (instant|meetingUrl|routing|location\.integration|(guests\[\]\.)?phoneNumber)|response (error|data(\[\])?\.rescheduled(From|To)Uid|data\[\]))$/

const BOOKINGS: readonly string[] = [
  ...['post /v2/bookings', 'get /v2/bookings', 'get /v2/bookings/by-seat/{seatUid}', 'get /v2/bookings/{bookingUid}'],
  ...(['reschedule', 'cancel', 'confirm', 'decline', 'mark-absent', 'attendees', 'guests'] as const).map(
    (part) => `post /v2/bookings/{bookingUid}/${part}`,
  ),
  ...(['calendar-links', 'references', 'recordings', 'transcripts', 'conferencing-sessions', 'attendees'] as const).map(
    (part) => `get /v2/bookings/{bookingUid}/${part}`,
  ),
  'get /v2/bookings/{bookingUid}/attendees/{attendeeId}',
  'patch /v2/bookings/{bookingUid}/location',
]

/** Connected calendars and video calls, teams, and groups of hosts without an event type. */
const NOT_YET =
  /(calVideoSettings|destinationCalendar|locations\[\]\.|query (orgId|orgSlug|usernames)|emailSettings|assignAllTeamMembers|hosts|parentEventTypeId|rescheduleWithSameRoundRobinHost|schedulingType|data\.team|teamId|bookingWindow\[\])/

const all = conformance()

describe('the interface that clients know', () => {
  it.each(Object.entries(OFFERED))('has %s', (operation, missing) => {
    const found = all.find((one) => one.operation === operation)
    expect([found?.state === 'missing', found?.differences.missing, found?.differences.otherwise]).toEqual([
      ...[false, missing, []],
    ])
  })

  it.each(BOOKINGS)('has %s as far as there is something behind it', (operation) => {
    const { state, differences } = all.find((one) => one.operation === operation) ?? {}
    expect(['implemented', 'differing']).toContain(state)
    expect(differences?.missing.filter((one) => !NOT_OF_BOOKINGS.test(one))).toEqual([])
    expect(differences?.otherwise).toEqual([])
  })

  // Their document nests the reply to handing over in itself; ours refuses, as long as an event type has one host.
  it.each(['', '/{userId}'])('has what hands a booking over, and refuses: %s', (more) => {
    const found = all.find(({ operation }) => operation === `post /v2/bookings/{bookingUid}/reassign${more}`)
    expect(found?.differences).toMatchObject({ missing: ['response data.data'], otherwise: [] })
  })

  it.each([
    'post /v2/event-types',
    'get /v2/event-types',
    'get /v2/event-types/{eventTypeId}',
    'patch /v2/event-types/{eventTypeId}',
  ])('has %s as far as there is something behind it', (operation) => {
    const { state, differences } = all.find((one) => one.operation === operation) ?? {}
    expect(state).toBe('differing')
    expect(differences?.missing.filter((one) => !NOT_YET.test(one))).toEqual([])
    // Their document calls lists of numbers and of hosts texts, and a window a list.
    expect(differences?.otherwise.map((one) => one.split(':')[0]?.replace('data[]', 'data'))).toEqual([
      ...(operation.startsWith('p') ? ['request lengthInMinutesOptions[]'] : []),
      ...['response data.bookingWindow', 'response data.users[]'],
    ])
  })
})

it('knows no connected calendar, and says so', () => {
  const { state, differences } = all.find((one) => one.operation === 'get /v2/calendars') ?? {}
  expect(state).toBe('differing')
  const outer = differences?.missing.map((one) => one.replace(/^response data\.(\w+).*/, '$1'))
  expect(new Set(outer)).toEqual(new Set(['connectedCalendars', 'destinationCalendar']))
})

describe('the comparison', () => {
  const document = (properties: object, name = 'a') => ({
    paths: {
      '/x': {
        get: {
          parameters: [{ in: 'query', name }],
          responses: { 200: { content: { 'application/json': { schema: { type: 'object', properties } } } } },
        },
      },
    },
  })

  it('tells what is missing, more and otherwise', () => {
    const theirs = operationsOf(
      document({ a: { type: 'string' }, b: { type: 'object', properties: { c: { type: 'number' } } } }),
    )
    expect(compare(theirs, theirs)[0]?.state).toBe('implemented')
    expect(compare(theirs, {})[0]?.state).toBe('missing')
    const ours = operationsOf(document({ a: { type: 'integer' }, d: { type: 'string' } }, 'e'))
    expect(compare(theirs, ours)[0]).toMatchObject({
      state: 'differing',
      differences: {
        missing: ['query a', 'response b'],
        extra: ['query e', 'response d'],
        otherwise: ['response a: string, ours number'],
      },
    })
  })
})
