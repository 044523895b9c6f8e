import { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { openCursor, paginationOf } from '#platform/http/api/pages.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { findEventType } from '../../queries.ts'
import { createPrivateLink, revokePrivateLink, updatePrivateLink } from '../commands.ts'
import { linkError } from '../errors.ts'
import { countKeptLinks, linkByToken, listPrivateLinks } from '../queries.ts'
import type { PrivateLink } from '../types.ts'
import { presentedLink } from './present.ts'
import {
  cursorShape,
  deletedLink,
  linkParams,
  linksParams,
  linksQuery,
  linkTerms,
  privateLink,
  type WireLink,
} from './schema.ts'

const common = { tag: 'Private links', versions: UNVERSIONED } as const
const NAMES = { mostUses: 'maxUsageCount' }

const create = defineApiRoute({
  ...common,
  method: 'post',
  path: '/event-types/{eventTypeId}/private-links',
  operationId: 'createPrivateLink',
  summary: 'Make a private link',
  access: 'EVENT_TYPE_WRITE',
  params: linksParams,
  body: linkTerms,
  status: 201,
  data: privateLink,
  refusals: ['event_type_not_found', 'link_expired', 'too_many_links'],
  async run(ctx, { params: { eventTypeId }, body: { expiresAt = null, maxUsageCount } }) {
    const mostUses = maxUsageCount === undefined ? (expiresAt === null ? 1 : null) : maxUsageCount
    const made = await inWireNames(NAMES, createPrivateLink(ctx, { eventTypeId, expiresAt, mostUses }))
    return { data: await shown(ctx, eventTypeId, made.token) }
  },
})

const listAll = defineApiRoute({
  ...common,
  method: 'get',
  path: '/event-types/{eventTypeId}/private-links',
  operationId: 'getPrivateLinks',
  summary: 'Private links of an event type',
  description: 'The newest first, without those that were taken back.',
  access: 'EVENT_TYPE_READ',
  params: linksParams,
  query: linksQuery,
  data: z.array(privateLink),
  paged: true,
  refusals: ['event_type_not_found'],
  async run(ctx, { params: { eventTypeId }, query: { skip, take, cursor } }) {
    const scope = userScope(ctx)
    const { slug } = await findEventType(ctx.db, scope, eventTypeId)
    const [after] = cursor === undefined ? [] : openCursor(cursor, cursorShape)
    const before = after === undefined ? skip : 0
    const { links, next } = await listPrivateLinks(ctx, scope, { eventTypeId, after, skip: before, take, kept: true })
    const { total, passed } = await countKeptLinks(ctx.db, scope, { eventTypeId, after })
    // A link whose token cannot be opened any more has no address that could be shown.
    const data = links.flatMap(({ token, ...link }) =>
      token === null ? [] : presentedLink(link, { token, slug, ...placeOf(ctx) }),
    )
    const page = { total, returned: links.length, skip: before + passed, take, next: next === null ? null : [next] }
    return { data, pagination: paginationOf(page) }
  },
})

const update = defineApiRoute({
  ...common,
  method: 'patch',
  path: '/event-types/{eventTypeId}/private-links/{linkId}',
  operationId: 'updatePrivateLink',
  summary: 'Change the terms of a private link',
  access: 'EVENT_TYPE_WRITE',
  params: linkParams,
  body: linkTerms,
  data: privateLink,
  refusals: ['event_type_not_found', 'link_not_found', 'link_expired', 'too_many_links'],
  run: (asking, { params: { eventTypeId, linkId }, body: { expiresAt, maxUsageCount: mostUses } }) =>
    transaction(asking.db, async (tx) => {
      const ctx = { ...asking, db: tx }
      const { id } = await requireLink(ctx, eventTypeId, linkId)
      await inWireNames(NAMES, updatePrivateLink(ctx, { eventTypeId, id, expiresAt, mostUses }))
      return { data: await shown(ctx, eventTypeId, linkId) }
    }),
})

const remove = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/event-types/{eventTypeId}/private-links/{linkId}',
  operationId: 'deletePrivateLink',
  summary: 'Take a private link back',
  description: 'What was booked over it stays.',
  access: 'EVENT_TYPE_WRITE',
  params: linkParams,
  data: deletedLink,
  refusals: ['event_type_not_found', 'link_not_found'],
  async run(ctx, { params: { eventTypeId, linkId } }) {
    const { id } = await requireLink(ctx, eventTypeId, linkId)
    await revokePrivateLink(ctx, { eventTypeId, id })
    return { data: { linkId, message: 'Nobody can book over this link any more.' } }
  },
})

/** @throws event_type_not_found, link_not_found */
async function requireLink(ctx: Ctx, eventTypeId: number, token: string): Promise<PrivateLink & { slug: string }> {
  const { slug } = await findEventType(ctx.db, userScope(ctx), eventTypeId)
  const link = await linkByToken(ctx.db, token)
  if (link?.eventTypeId !== eventTypeId || link.revokedAt !== null) throw linkError('link_not_found')
  return { ...link, slug }
}

async function shown(ctx: Ctx, eventTypeId: number, token: string): Promise<WireLink> {
  const { slug, ...link } = await requireLink(ctx, eventTypeId, token)
  return presentedLink(link, { token, slug, ...placeOf(ctx) })
}

function placeOf({ config, clock }: Ctx) {
  return { origin: config.url.origin, now: clock.now().epochMilliseconds }
}

export const privateLinkRoutes: readonly ApiRoute[] = [create, listAll, update, remove]
