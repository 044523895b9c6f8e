import { z } from 'zod'
import { ownAccount } from '#features/accounts/queries.ts'
import { presentUsernames } from '#features/accounts/usernames/queries.ts'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { invalidInput } from '#platform/errors.ts'
import { openCursor, paginationOf } from '#platform/http/api/pages.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { userScope } from '#platform/scope.ts'
import { createEventType, deleteEventType, updateEventType } from '../commands.ts'
import {
  type EventTypeListing,
  type ListedEventTypes,
  pageOfEventTypes,
  pageOfListedEventTypes,
} from '../listing/queries.ts'
import { type EventTypeHost, eventTypeHost, findEventType } from '../queries.ts'
import { MOST_EVENT_TYPES } from '../rules.ts'
import { formerDeleted, formerEventType, formerList, formerOne } from './former.ts'
import { presentedEventType, presentedToVisitors } from './present.ts'
import {
  deletedEventType,
  type EventTypeQuery,
  eventType,
  eventTypeChange,
  eventTypeParams,
  eventTypeQuery,
  newEventType,
  type WireEventType,
} from './schema.ts'
import { settingsOf, UNSET, WIRE_NAMES } from './settings.ts'
import { deletedEventTypeVersions, eventTypesVersions, eventTypeVersions, oneEventTypeVersions } from './versions.ts'

const common = { tag: 'Event types' } as const
/** Of bodies. */
const FORMERLY = 'In version 2024-04-15, `lengthInMinutes` is `length`, and a field has its `slug` as `name`.'

const create = defineApiRoute({
  ...common,
  versions: eventTypeVersions,
  method: 'post',
  path: '/event-types',
  operationId: 'createEventType',
  summary: 'Make an event type',
  description: FORMERLY,
  access: 'EVENT_TYPE_WRITE',
  body: newEventType,
  status: 201,
  data: eventType,
  olderData: [formerEventType],
  refusals: ['slug_taken', 'schedule_not_found', 'verified_email_not_found', 'too_many_event_types'],
  run: (asking, { body }) =>
    transaction(asking.db, async (tx) => {
      const ctx = { ...asking, db: tx }
      const { timeZone } = await ownAccount(userScope(ctx), tx)
      const { title = '', durations = [], ...settings } = settingsOf(body, UNSET, timeZone)
      const { id } = await inWireNames(WIRE_NAMES, createEventType(ctx, { title, durations, ...settings }))
      return { data: await shown(ctx, id) }
    }),
})

const listAll = defineApiRoute({
  ...common,
  versions: eventTypesVersions,
  method: 'get',
  path: '/event-types',
  operationId: 'getEventTypes',
  summary: 'Event types of a host',
  description: `With a key all of its owner, hidden ones too; with \`username\` those that are on their public page. No host has more than
${MOST_EVENT_TYPES}, and without \`take\` the reply has all of them.`,
  access: 'public',
  keyScope: 'EVENT_TYPE_READ',
  query: eventTypeQuery,
  data: z.array(eventType),
  olderData: [formerList],
  paged: true,
  async run(ctx, { query }) {
    const { data, total, before, next } = await (query.username === undefined
      ? ownOnes(ctx, query)
      : publicOnes(ctx, query.username, query))
    const page = { total, returned: data.length, skip: before, take: query.take }
    return { data, pagination: paginationOf({ ...page, next: next && [orderOf(query), ...next] }) }
  },
})

const getOne = defineApiRoute({
  ...common,
  versions: oneEventTypeVersions,
  method: 'get',
  path: '/event-types/{eventTypeId}',
  operationId: 'getEventType',
  summary: 'One event type',
  access: 'EVENT_TYPE_READ',
  params: eventTypeParams,
  data: eventType,
  olderData: [formerOne],
  refusals: ['event_type_not_found'],
  run: async (ctx, { params }) => ({ data: await shown(ctx, params.eventTypeId) }),
})

const update = defineApiRoute({
  ...common,
  versions: eventTypeVersions,
  method: 'patch',
  path: '/event-types/{eventTypeId}',
  operationId: 'updateEventType',
  summary: 'Change an event type',
  description: FORMERLY,
  access: 'EVENT_TYPE_WRITE',
  params: eventTypeParams,
  body: eventTypeChange,
  data: eventType,
  olderData: [formerEventType],
  refusals: [
    'event_type_not_found',
    'slug_taken',
    'schedule_not_found',
    'verified_email_not_found',
    'changed_elsewhere',
  ],
  run: (asking, { params: { eventTypeId: id }, body }) =>
    transaction(asking.db, async (tx) => {
      const ctx = { ...asking, db: tx }
      const scope = userScope(ctx)
      const present = await findEventType(tx, scope, id)
      const { timeZone } = await ownAccount(scope, tx)
      const settings = settingsOf(body, present, timeZone)
      await inWireNames(WIRE_NAMES, updateEventType(ctx, { id, version: present.version, ...settings }))
      return { data: await shown(ctx, id) }
    }),
})

const remove = defineApiRoute({
  ...common,
  versions: deletedEventTypeVersions,
  method: 'delete',
  path: '/event-types/{eventTypeId}',
  operationId: 'deleteEventType',
  summary: 'Delete an event type',
  description: 'What was booked stays.',
  access: 'EVENT_TYPE_WRITE',
  params: eventTypeParams,
  data: deletedEventType,
  olderData: [formerDeleted],
  refusals: ['event_type_not_found'],
  async run(ctx, { params: { eventTypeId: id } }) {
    const { title, slug, durations } = await findEventType(ctx.db, userScope(ctx), id)
    await deleteEventType(ctx, { id })
    return { data: { id, title, slug, lengthInMinutes: durations[0] ?? 0 } }
  },
})

async function shown(ctx: Ctx, id: number): Promise<WireEventType> {
  const scope = userScope(ctx)
  const [found, host] = [await findEventType(ctx.db, scope, id), await ownAccount(scope, ctx.db)]
  return presentedEventType(found, host, ctx.config.url.origin)
}

const ORDERS = { asc: 'oldest', desc: 'newest' } as const
const orderOf = ({ sortCreatedAt }: EventTypeQuery) => (sortCreatedAt ? ORDERS[sortCreatedAt] : 'host')

/** A cursor means something in the order that it came from. @throws invalid_input in another one */
function listingOf(query: EventTypeQuery): EventTypeListing {
  const { eventSlug: slug, skip, take, cursor } = query
  const order = orderOf(query)
  if (cursor === undefined) return { slug, order, skip, take }
  const [, position, id] = openCursor(cursor, z.tuple([z.literal(order), z.int(), z.int().positive()]))
  return { slug, order, take, after: [position, id] }
}

async function ownOnes(ctx: Ctx, query: EventTypeQuery): Promise<ListedOnes> {
  if (ctx.actor.kind !== 'user') {
    throw invalidInput([{ path: 'username', code: 'field_required', message: 'whose event types' }])
  }
  const scope = userScope(ctx)
  const [host, { eventTypes, ...page }] = await Promise.all([
    ownAccount(scope, ctx.db),
    pageOfEventTypes(ctx.db, scope, listingOf(query)),
  ])
  return { ...page, data: eventTypes.map((one) => presentedEventType(one, host, ctx.config.url.origin)) }
}

type ListedOnes = Omit<ListedEventTypes<never>, 'eventTypes'> & { data: WireEventType[] }

/** One's own username is no exception to what a host sees. */
async function publicOnes(ctx: Ctx, username: string, query: EventTypeQuery): Promise<ListedOnes> {
  const host = (await eventTypeHost(ctx.db, username.toLowerCase())) ?? (await formerHost(ctx, username))
  if (!host) return { data: [], total: 0, before: 0, next: null, following: null }
  if (ctx.actor.kind === 'user' && ctx.actor.userId === host.id) return ownOnes(ctx, query)
  const { eventTypes, ...page } = await pageOfListedEventTypes(ctx.db, host.username, listingOf(query))
  return { ...page, data: eventTypes.map((one) => presentedToVisitors(one, host, ctx.config.url.origin)) }
}

/** Whoever gave the username up lately. */
async function formerHost({ db, clock }: Ctx, username: string): Promise<EventTypeHost | null> {
  const present = await presentUsernames(db, username.toLowerCase(), clock.now())
  return present === null ? null : eventTypeHost(db, present)
}

export const eventTypeRoutes: readonly ApiRoute[] = [create, listAll, getOne, update, remove]
