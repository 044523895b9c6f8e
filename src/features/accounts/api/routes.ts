import type { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { WEEKDAYS } from '#platform/http/api/hours.ts'
import { inWireNames } from '#platform/http/api/refusal.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { refreshApiKey } from '../api-keys/commands.ts'
import { fetchedAvatar, removeAvatar, replaceAvatar } from '../avatars/commands.ts'
import { updateProfile } from '../commands.ts'
import { ownAccount } from '../queries.ts'
import { replaceMetadata, updateGeneral } from '../settings/commands.ts'
import { ownMetadata } from '../settings/queries.ts'
import type { Account } from '../types.ts'
import { pictureOf, presentedMe } from './present.ts'
import { freshKey, keyRefresh, me, meChange } from './schema.ts'

const getMe = defineApiRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  tag: 'Me',
  summary: 'Whose key this is',
  access: 'PROFILE_READ',
  versions: UNVERSIONED,
  data: me,
  run: async (ctx) => ({ data: await shown(ctx) }),
})

/** Schedules rank above accounts, so what chooses one is given by whoever puts the API together. */
type SetDefaultSchedule = (ctx: Ctx, choice: { id: number }) => Promise<void>

const updateMe = (setDefaultSchedule: SetDefaultSchedule) =>
  defineApiRoute({
    method: 'patch',
    path: '/me',
    operationId: 'updateMe',
    tag: 'Me',
    summary: 'Change the profile',
    description: 'Only what is named changes.',
    access: 'PROFILE_WRITE',
    versions: UNVERSIONED,
    body: meChange,
    data: me,
    refusals: ['schedule_not_found', 'avatar_unreachable', 'rate_limited'],
    async run(asking, { body }) {
      const picture = await inWireNames(WIRE_NAMES, pictureIn(asking, body))
      return transaction(asking.db, async (tx) => {
        const ctx = { ...asking, db: tx }
        const present = await ownAccount(userScope(ctx), tx)
        const { username, name, bio } = present
        if (body.name !== undefined || body.bio !== undefined) {
          await updateProfile(ctx, { username, name: body.name ?? name, bio: body.bio ?? bio })
        }
        if (GENERAL.some((one) => body[one] !== undefined)) await updateGeneral(ctx, generalOf(body, present))
        if (body.metadata !== undefined) await replaceMetadata(ctx, { metadata: body.metadata })
        if (picture === null) await removeAvatar(ctx)
        else if (picture) await inWireNames(WIRE_NAMES, replaceAvatar(ctx, picture))
        if (body.defaultScheduleId !== undefined) await setDefaultSchedule(ctx, { id: body.defaultScheduleId })
        return { data: await shown(ctx) }
      })
    },
  })

const WIRE_NAMES = { avatar: 'avatarUrl' }
const GENERAL = ['timeZone', 'locale', 'timeFormat', 'weekStart'] as const

/** Null: it is to be removed. Undefined: it stays, as when its own address is sent back. */
async function pictureIn(ctx: Ctx, { avatarUrl }: z.output<typeof meChange>): Promise<Blob | null | undefined> {
  if (avatarUrl === undefined) return undefined
  if (avatarUrl === null || avatarUrl === '') return null
  const present = await ownAccount(userScope(ctx), ctx.db)
  return avatarUrl === pictureOf(present, ctx) ? undefined : fetchedAvatar(ctx, avatarUrl)
}

async function shown(ctx: Ctx): Promise<z.input<typeof me>> {
  const scope = userScope(ctx)
  return presentedMe(await ownAccount(scope, ctx.db), await ownMetadata(scope, ctx.db), ctx)
}

function generalOf({ timeZone, locale, timeFormat, weekStart }: z.output<typeof meChange>, present: Account) {
  return {
    timeZone: timeZone ?? present.timeZone,
    locale: locale ?? present.locale,
    hourCycle: timeFormat === undefined ? present.hourCycle : timeFormat === 12 ? 'h12' : 'h23',
    weekStart: String(weekStart === undefined ? present.weekStart : WEEKDAYS.indexOf(weekStart)),
  }
}

const refresh = defineApiRoute({
  method: 'post',
  path: '/api-keys/refresh',
  operationId: 'refreshApiKey',
  tag: 'API keys',
  summary: 'Exchange the key for a new one',
  description: 'The key of this request ends at once; the new one is for the same, and is shown only in this reply.',
  access: 'any_key',
  versions: UNVERSIONED,
  body: keyRefresh,
  data: freshKey,
  async run(ctx, { body: { apiKeyDaysValid, apiKeyNeverExpires }, key }) {
    const days = apiKeyNeverExpires ? null : apiKeyDaysValid
    return { data: { apiKey: await refreshApiKey(ctx, key?.id ?? '', days) } }
  },
})

export function accountRoutes(setDefaultSchedule: SetDefaultSchedule): readonly ApiRoute[] {
  return [getMe, updateMe(setDefaultSchedule), refresh]
}
