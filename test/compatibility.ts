/**
 * `npm run generate` writes docs/api/compatibility.md: how our API stands to the interface that clients of the incumbent's v2 know, and why
 * it differs where it does.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { apiRoutes } from '#app/api.ts'
import { type Comparison, conformance } from './conformance.ts'

interface Reason {
  operations: RegExp
  differences: RegExp
  why: string
}

/** Of everything that is missing or otherwise in an operation that we have; the first that fits counts. */
const REASONS: readonly Reason[] = [
  {
    operations: /bookings/,
    differences: /^response data(\[\])?\.rescheduled(From|To)Uid$/,
    why: 'A booking that is moved stays the same booking and keeps its `uid`, so none leads from or to another.',
  },
  {
    operations: /bookings/,
    differences: /^response data\[\]$/,
    why: 'What is done to one booking is answered with that one, never with a list.',
  },
  {
    operations: /bookings|schedules/,
    differences: /^response error$/,
    why: 'What was done has no `error`; what was refused has one.',
  },
  {
    operations: /bookings/,
    differences: /^request meetingUrl$/,
    why: 'Bookers do not bring links of their own: they would stand in the host’s calendar and mails.',
  },
  {
    operations: /bookings|event-types/,
    differences: /integration|calVideoSettings|locations\[\]\.(credentialId|location)$/,
    why: 'There are no connected video services: a video call is a link that the host names.',
  },
  {
    operations: /bookings/,
    differences: /^request (instant|routing)$/,
    why: 'There are no instant meetings and no routing forms.',
  },
  {
    operations: /bookings/,
    differences: /phoneNumber$/,
    why: 'Guests are invited by mail, and nobody calls them.',
  },
  {
    operations: /./,
    differences:
      /team|orgId|orgSlug|organization|assignAllTeamMembers|hosts|parentEventTypeId|RoundRobin|schedulingType/,
    why: 'There are no teams and no organizations: each event type belongs to one host.',
  },
  {
    operations: /get \/v2\/event-types$/,
    differences: /^query usernames$/,
    why: 'Several hosts meet without an event type: `GET /v2/slots` takes their `usernames`.',
  },
  {
    operations: /\/reassign|slots\/reservations/,
    differences: /^response data\.(data|status)$/,
    why: 'The reply has its data once, and not a reply within the reply.',
  },
  {
    operations: /calendars|event-types/,
    differences: /connectedCalendars|destinationCalendar/,
    why: 'There are no connected calendars: bookings go out as calendar feeds and invitations.',
  },
  {
    operations: /event-types/,
    differences: /bookingWindow/,
    why: 'An event type has one booking window, and it is an object as in requests.',
  },
  {
    operations: /event-types/,
    differences: /lengthInMinutesOptions\[\]|users\[\]/,
    why: 'Their document calls numbers and hosts texts; clients send and read numbers and objects, as here.',
  },
  {
    operations: /\/me$/,
    differences: /^request email$/,
    why: 'A new mail address counts once a link to it was opened, which is for its owner and not for a program.',
  },
]

interface Difference {
  operation: string
  /** As the comparison says it. */
  what: string
  why: string | null
}

/** What is missing or otherwise in operations that we have, each with its reason; null: nobody has said one. */
export function differences(all: readonly Comparison[] = conformance()): Difference[] {
  return all.flatMap(({ operation, differences: { missing, otherwise } }) =>
    [...missing, ...otherwise].map((what) => ({ operation, what, why: reasonOf(operation, what) })),
  )
}

function reasonOf(operation: string, what: string): string | null {
  const field = what.split(':')[0] ?? ''
  return REASONS.find((one) => one.operations.test(operation) && one.differences.test(field))?.why ?? null
}

/** Reasons that explain nothing any more. */
export function idleReasons(): string[] {
  const given = new Set(differences().map(({ why }) => why))
  return REASONS.map(({ why }) => why).filter((why) => !given.has(why))
}

function page(all: readonly Comparison[]): string {
  const areas = [...Map.groupBy(all, ({ operation }) => areaOf(operation))]
  const count = (list: readonly Comparison[], state: string) => list.filter((one) => one.state === state).length
  const [here, absent] = [true, false].map((present) =>
    areas.filter(([, list]) => list.some(({ state }) => state !== 'missing') === present),
  )
  const own = apiRoutes
    .map(({ method, path }) => `${method} /v2${path}`)
    .filter((operation) => !all.some((one) => one.operation === operation))
  return [
    '# Compatibility',
    'How the API stands to the interface that clients of Cal.com’s API v2 know, by names and types of every parameter and field. This page is made by\n`npm run generate`, and a test fails when it is not true any more. `node test/conformance.ts` prints it field by field.',
    `**${all.length} operations** are in that interface. ${count(all, 'implemented')} are here with all of it, ${count(all, 'differing')} with the differences below, ${count(all, 'missing')} are not here. ${own.length} more are ours alone.`,
    '## What is here',
    table(
      ['', 'the same', 'with differences', 'not here'],
      (here ?? []).map(([area, list]) => [
        ...[area, count(list, 'implemented'), count(list, 'differing'), count(list, 'missing')],
      ]),
    ),
    '## What differs, and why',
    ...reasonsTold(all),
    '## What is not here',
    'An operation that is not here answers with 404. Of the areas above:',
    list(all.filter(({ operation, state }) => state === 'missing' && has(here, operation)).map(shown)),
    'And these areas as a whole:',
    table(
      ['', 'operations'],
      (absent ?? []).map(([area, operations]) => [area, operations.length]),
    ),
    '## What is only here',
    list(own.map((operation) => shown({ operation }))),
  ].join('\n\n')
}

function reasonsTold(all: readonly Comparison[]): string[] {
  const known = differences(all)
  return REASONS.flatMap(({ why }) => {
    const told = known.filter((one) => one.why === why)
    if (told.length === 0) return []
    const fields = [...new Set(told.map(({ what }) => `\`${what.replace(/:.*/, '').replace(' data[].', ' data.')}\``))]
    const operations = [...new Set(told.map(shown))]
    return [`**${why}**`, `${fields.join(', ')}  \nin ${operations.join(', ')}`]
  })
}

const areaOf = (operation: string) => operation.split('/')[2] ?? ''
const has = (areas: readonly (readonly [string, unknown])[] = [], operation: string) =>
  areas.some(([area]) => area === areaOf(operation))
const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')

function shown({ operation }: { operation: string }): string {
  const [method = '', path = ''] = operation.split(' ')
  return `\`${method.toUpperCase()} ${path}\``
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

const PAGE = new URL('../docs/api/compatibility.md', import.meta.url)
const currentPage = () => `${page(conformance())}\n`

export const isCurrent = () => readFileSync(PAGE, 'utf8') === currentPage()

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, currentPage())
