import { z } from 'zod'
import { mailAddress } from '#platform/fields.ts'
import { password } from '../schema.ts'

export const addressChange = z.strictObject({ email: mailAddress, password })
