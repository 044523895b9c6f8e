import type { z } from 'zod'
import type { Ctx } from '#platform/ctx.ts'
import { transaction } from '#platform/db/transaction.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { UNVERSIONED } from '#platform/http/api/versions.ts'
import { userScope } from '#platform/scope.ts'
import { refreshApiKey } from '../api-keys/commands.ts'
import { updateProfile } from '../commands.ts'
import { ownAccount } from '../queries.ts'
import { updateGeneral } from '../settings/commands.ts'
import type { Account } from '../types.ts'
import { presentedMe } from './present.ts'
import { freshKey, keyRefresh, me, meChange, WEEKDAYS } from './schema.ts'

const getMe = defineApiRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  tag: 'Me',
  summary: 'Whose key this is',
  access: 'PROFILE_READ',
  versions: UNVERSIONED,
  data: me,
  run: async (ctx) => ({ data: presentedMe(await ownAccount(userScope(ctx), ctx.db), ctx) }),
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
    refusals: ['schedule_not_found'],
    run: (asking, { body }) =>
      transaction(asking.db, async (tx) => {
        const ctx = { ...asking, db: tx }
        const present = await ownAccount(userScope(ctx), tx)
        const { username, name, bio } = present
        if (body.name !== undefined || body.bio !== undefined) {
          await updateProfile(ctx, { username, name: body.name ?? name, bio: body.bio ?? bio })
        }
        await updateGeneral(ctx, generalOf(body, present))
        if (body.defaultScheduleId !== undefined) await setDefaultSchedule(ctx, { id: body.defaultScheduleId })
        return { data: presentedMe(await ownAccount(userScope(ctx), tx), ctx) }
      }),
  })

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
