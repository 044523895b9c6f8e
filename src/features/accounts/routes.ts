import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Ctx } from '#platform/ctx.ts'
import type { ApiEnv } from '#platform/http/api.ts'
import { userScope } from '#platform/scope.ts'
import { ownAccount } from './queries.ts'
import type { Account } from './types.ts'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

const Me = z
  .object({
    id: z.number().int(),
    username: z.string(),
    email: z.string(),
    name: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    bio: z.string().nullable(),
    timeFormat: z.union([z.literal(12), z.literal(24)]),
    defaultScheduleId: z.number().int().nullable(),
    weekStart: z.enum(WEEKDAYS),
    timeZone: z.string(),
    locale: z.string(),
    organizationId: z.number().int().nullable(),
  })
  .openapi('Me')

const getMe = createRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  summary: 'Whose key this is',
  responses: {
    200: {
      description: 'The account',
      content: { 'application/json': { schema: z.object({ status: z.literal('success'), data: Me }) } },
    },
  },
})

/** `/me` of the v2 API. */
export const accountRoutes = new OpenAPIHono<ApiEnv>().openapi(getMe, async (c) => {
  const { ctx } = c.var
  const account = await ownAccount(userScope(ctx), ctx.db)
  return c.json({ status: 'success' as const, data: presented(account, ctx) }, 200)
})

function presented(account: Account, { config }: Ctx): z.output<typeof Me> {
  const { id, username, email, name, bio, avatarEtag, timeZone, locale, defaultScheduleId } = account
  return {
    ...{ id, username, email, name, timeZone, locale, defaultScheduleId },
    bio: bio || null,
    avatarUrl: avatarEtag && `${config.url.origin}/avatar/${username}?v=${avatarEtag}`,
    timeFormat: account.hourCycle === 'h12' ? 12 : 24,
    weekStart: WEEKDAYS[account.weekStart] ?? 'Monday',
    organizationId: null,
  }
}
