import { z } from 'zod'
import { mailAddress } from '#platform/fields.ts'
import { password } from '../schema.ts'

export const forgottenPassword = z.strictObject({ email: mailAddress })
export const chosenPassword = z.strictObject({ newPassword: password })
