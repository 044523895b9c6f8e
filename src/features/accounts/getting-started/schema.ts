import { z } from 'zod'
import { timeZoneName } from '#platform/fields.ts'
import { personName, username } from '../schema.ts'

export const introduction = z.strictObject({ name: personName, username, timeZone: timeZoneName })
