import { z } from 'zod'
import { defineEvent } from '#platform/events.ts'

const payload = z.object({ absenceId: z.number().int(), userId: z.number().int() })
const subject = ({ absenceId }: { absenceId: number }) => `absence:${absenceId}`
const owner = ({ userId }: { userId: number }) => userId

export const absenceCreated = defineEvent({ name: 'absence.created', version: 1, payload, subject, owner })
export const absenceUpdated = defineEvent({ name: 'absence.updated', version: 1, payload, subject, owner })
export const absenceDeleted = defineEvent({ name: 'absence.deleted', version: 1, payload, subject, owner })
/** Its owner took the deletion back. */
export const absenceRestored = defineEvent({ name: 'absence.restored', version: 1, payload, subject, owner })
