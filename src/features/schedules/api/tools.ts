import { z } from 'zod'
import { transaction } from '#platform/db/transaction.ts'
import { idInBody } from '#platform/http/api/fields.ts'
import { defineTool, type Tool } from '#platform/mcp/tool.ts'
import { userScope } from '#platform/scope.ts'
import { listSchedules } from '../queries.ts'
import { changedSchedule } from './change.ts'
import { presentedSchedule } from './present.ts'
import { schedule, scheduleChange } from './schema.ts'

const list = defineTool({
  name: 'list_schedules',
  title: 'List schedules',
  description:
    'The working hours of the person whose key this is: weekly hours and single dates of each schedule, the default one first.',
  access: 'SCHEDULE_READ',
  effect: 'reads',
  input: z.strictObject({}),
  output: z.object({ schedules: z.array(schedule) }),
  async run(ctx) {
    const scope = userScope(ctx)
    const all = await listSchedules(ctx.db, scope)
    return { schedules: all.map((one) => presentedSchedule(one, scope.userId)) }
  },
})

const update = defineTool({
  name: 'update_schedule',
  title: 'Change a schedule',
  description:
    'Changes working hours. Only what is named changes, but `availability` and `overrides` replace all that were there: read them with list_schedules first, and send what is to stay along.',
  access: 'SCHEDULE_WRITE',
  effect: 'changes',
  repeatable: true,
  input: scheduleChange.extend({ scheduleId: idInBody }),
  output: z.object({ schedule }),
  run: (asking, { scheduleId, ...change }) =>
    transaction(asking.db, async (tx) => ({
      schedule: await changedSchedule({ ...asking, db: tx }, scheduleId, change),
    })),
})

export const scheduleTools: readonly Tool[] = [list, update]
