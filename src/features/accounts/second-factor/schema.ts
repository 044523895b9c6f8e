import { z } from 'zod'
import { password } from '../schema.ts'

const code = z.string().min(1).max(100)

export const secondStep = z.strictObject({ code })
export const ownPassword = z.strictObject({ password })
export const secondFactorSetUp = z.strictObject({ sealed: z.string().min(1).max(2000), code })
export const passwordAndCode = z.strictObject({ password, code })
