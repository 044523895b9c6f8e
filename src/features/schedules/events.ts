import { sql } from 'kysely'
import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ scheduleId: z.number().int() })
const subject = ({ scheduleId }: { scheduleId: number }) => `schedule:${scheduleId}`
const owner = ({ scheduleId }: { scheduleId: number }) =>
  sql<number | null>`(select user_id from schedules where id = ${scheduleId})`

export const scheduleCreated = defineEvent({ name: 'schedule.created', version: 1, payload, subject, owner })
export const scheduleUpdated = defineEvent({ name: 'schedule.updated', version: 1, payload, subject, owner })
/** It became the one that event types without a schedule of their own use. */
export const scheduleMadeDefault = defineEvent({ name: 'schedule.made_default', version: 1, payload, subject, owner })
export const scheduleDeleted = defineEvent({ name: 'schedule.deleted', version: 1, payload, subject, owner: 'actor' })
/** Its owner took the deletion back. */
export const scheduleRestored = defineEvent({ name: 'schedule.restored', version: 1, payload, subject, owner })
