import { z } from 'zod'
import { transaction } from '#platform/db/transaction.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { userScope } from '#platform/scope.ts'
import { createSchedule, deleteSchedule } from '../commands.ts'
import { scheduleError } from '../errors.ts'
import { listSchedules } from '../queries.ts'
import { changedSchedule, shownSchedule } from './change.ts'
import { formerSchedule, formerScheduleChanged } from './former.ts'
import { presentedSchedule } from './present.ts'
import { newSchedule, schedule, scheduleChange, scheduleParams } from './schema.ts'
import { changedScheduleVersions, newScheduleVersions, scheduleVersions } from './versions.ts'

const common = { tag: 'Schedules', versions: scheduleVersions } as const
/** Of bodies, for who reads the reference. */
const FORMERLY =
  'In version 2024-04-15, `availability` is `availabilities`, with days by number from Sunday, which is 0.'
const FORMERLY_CHANGED =
  'In version 2024-04-15, `availability` is `schedule`, with a list of hours for each weekday, and `overrides` is `dateOverrides`.'

const listAll = defineApiRoute({
  ...common,
  method: 'get',
  path: '/schedules',
  operationId: 'getSchedules',
  summary: 'All schedules',
  description: 'The default one first, the others by name.',
  access: 'SCHEDULE_READ',
  data: z.array(schedule),
  olderData: [z.array(formerSchedule)],
  async run(ctx) {
    const scope = userScope(ctx)
    return { data: (await listSchedules(ctx.db, scope)).map((one) => presentedSchedule(one, scope.userId)) }
  },
})

const create = defineApiRoute({
  ...common,
  versions: newScheduleVersions,
  method: 'post',
  path: '/schedules',
  operationId: 'createSchedule',
  summary: 'Make a schedule',
  description: FORMERLY,
  access: 'SCHEDULE_WRITE',
  body: newSchedule,
  status: 201,
  data: schedule,
  olderData: [formerSchedule],
  refusals: ['too_many_schedules'],
  run: (asking, { body }) =>
    transaction(asking.db, async (tx) => {
      const ctx = { ...asking, db: tx }
      const { id } = await createSchedule(ctx, { name: body.name, timeZone: body.timeZone })
      return { data: await changedSchedule(ctx, id, body) }
    }),
})

const getDefault = defineApiRoute({
  ...common,
  method: 'get',
  path: '/schedules/default',
  operationId: 'getDefaultSchedule',
  summary: 'The default schedule',
  description: 'Of event types that name no other.',
  access: 'SCHEDULE_READ',
  data: schedule,
  olderData: [formerSchedule],
  refusals: ['schedule_not_found'],
  async run(ctx) {
    const scope = userScope(ctx)
    const found = (await listSchedules(ctx.db, scope)).find(({ isDefault }) => isDefault)
    if (!found) throw scheduleError('schedule_not_found')
    return { data: presentedSchedule(found, scope.userId) }
  },
})

const getOne = defineApiRoute({
  ...common,
  method: 'get',
  path: '/schedules/{scheduleId}',
  operationId: 'getSchedule',
  summary: 'One schedule',
  access: 'SCHEDULE_READ',
  params: scheduleParams,
  data: schedule,
  olderData: [formerSchedule],
  refusals: ['schedule_not_found'],
  run: async (ctx, { params }) => ({ data: await shownSchedule(ctx, params.scheduleId) }),
})

const update = defineApiRoute({
  ...common,
  versions: changedScheduleVersions,
  method: 'patch',
  path: '/schedules/{scheduleId}',
  operationId: 'updateSchedule',
  summary: 'Change a schedule',
  description: `\`isDefault: false\` leaves the default as it is: make another one the default instead.

${FORMERLY_CHANGED}`,
  access: 'SCHEDULE_WRITE',
  params: scheduleParams,
  body: scheduleChange,
  data: schedule,
  olderData: [formerScheduleChanged],
  refusals: ['schedule_not_found', 'changed_elsewhere'],
  run: (asking, { params, body }) =>
    transaction(asking.db, async (tx) => ({
      data: await changedSchedule({ ...asking, db: tx }, params.scheduleId, body),
    })),
})

const remove = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/schedules/{scheduleId}',
  operationId: 'deleteSchedule',
  summary: 'Delete a schedule',
  description: 'Event types that used it use the default one from now on.',
  access: 'SCHEDULE_WRITE',
  params: scheduleParams,
  refusals: ['schedule_not_found', 'last_schedule', 'schedule_restricts'],
  async run(ctx, { params }) {
    await deleteSchedule(ctx, { id: params.scheduleId })
    return { data: undefined }
  },
})

export const scheduleRoutes: readonly ApiRoute[] = [create, listAll, getDefault, getOne, update, remove]
