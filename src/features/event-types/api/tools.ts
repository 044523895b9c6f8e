import { z } from 'zod'
import { ownAccount } from '#features/accounts/queries.ts'
import { defineTool, type Tool } from '#platform/mcp/tool.ts'
import { userScope } from '#platform/scope.ts'
import { pageOfEventTypes } from '../listing/queries.ts'
import type { OwnEventType } from '../types.ts'

const LONGEST_DESCRIPTION = 500
const MOST_OPTIONS = 50

const question = z.object({
  key: z.string().describe('Name of the answer in `answers` of book.'),
  label: z.string(),
  type: z.string(),
  required: z.boolean(),
  options: z.array(z.string()).optional(),
})

const eventType = z.object({
  id: z.number().int(),
  slug: z.string(),
  title: z.string(),
  description: z.string().describe('Markdown, at most the first 500 characters.'),
  durations: z.array(z.number().int()).describe('Minutes; the first is the usual one.'),
  bookingUrl: z.string(),
  hidden: z.boolean().describe('Not on the public page, but whoever has the address can book.'),
  requiresConfirmation: z.boolean().describe('A booking waits until its host accepts it.'),
  locations: z.array(z.object({ index: z.number().int(), kind: z.string() })),
  seats: z.number().int().nullable().describe('How many may share a time; null: one booker has it alone.'),
  questions: z.array(question).describe('What book has to answer beside name and mail address.'),
})

const list = defineTool({
  name: 'list_event_types',
  title: 'List event types',
  description:
    'What can be booked with the person whose key this is: kinds of meetings with their lengths, places and questions. Call it first to learn which event type is meant.',
  access: 'EVENT_TYPE_READ',
  effect: 'reads',
  input: z.strictObject({
    limit: z.number().int().min(1).max(50).default(25),
    skip: z.number().int().min(0).max(1000).default(0).describe('`next` of the answer before.'),
  }),
  output: z.object({
    eventTypes: z.array(eventType),
    total: z.number().int(),
    next: z.number().int().nullable().describe('What to skip for more; null: these were the last.'),
  }),
  async run(ctx, { limit, skip }) {
    const scope = userScope(ctx)
    const { username } = await ownAccount(scope, ctx.db)
    const { eventTypes, total, next } = await pageOfEventTypes(ctx.db, scope, { skip, take: limit })
    const page = `${ctx.config.url.origin}/${username}`
    return {
      eventTypes: eventTypes.map((one) => presented(one, page)),
      total,
      next: next && skip + limit,
    }
  },
})

function presented(eventType: OwnEventType, page: string) {
  const { id, slug, title, durations, hidden, requiresConfirmation, description } = eventType
  return {
    ...{ id, slug, title, durations, hidden, requiresConfirmation, bookingUrl: `${page}/${slug}` },
    description: description.slice(0, LONGEST_DESCRIPTION).toWellFormed(),
    locations: eventType.locations.map(({ kind }, index) => ({ index, kind })),
    seats: eventType.seats?.count ?? null,
    questions: eventType.questions
      .filter((one) => !one.hidden && !one.onlyMoving)
      .map(({ key, label, type, required, options }) => ({
        ...{ key, label, type, required },
        ...(options.length > 0 && { options: options.slice(0, MOST_OPTIONS) }),
      })),
  }
}

export const eventTypeTools: readonly Tool[] = [list]
