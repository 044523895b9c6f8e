import { z } from 'zod'
import { idInPath } from '#platform/http/api/fields.ts'
import { pageQuery } from '#platform/http/api/pages.ts'

export const emailCodeRequest = z
  .strictObject({ email: z.string() })
  .meta({ id: 'EmailCodeRequest', examples: [{ email: 'ada@example.org' }] })

export const emailCode = z
  .strictObject({ email: z.string(), code: z.string() })
  .meta({ id: 'EmailCode', examples: [{ email: 'ada@example.org', code: '314159' }] })

export const verifiedEmail = z
  .object({ id: z.number().int(), email: z.string(), userId: z.number().int() })
  .meta({ id: 'VerifiedEmail', examples: [{ id: 3, email: 'ada@example.org', userId: 7 }] })

export const phoneCodeRequest = z
  .strictObject({ phone: z.string() })
  .meta({ id: 'PhoneCodeRequest', examples: [{ phone: '+49301234567' }] })

export const phoneCode = z
  .strictObject({ phone: z.string(), code: z.string() })
  .meta({ id: 'PhoneCode', examples: [{ phone: '+49301234567', code: '314159' }] })

export const verifiedPhone = z
  .object({ id: z.number().int(), phoneNumber: z.string(), userId: z.number().int() })
  .meta({ id: 'VerifiedPhone' })

export const verifiedQuery = z.strictObject(pageQuery())
export const verifiedParams = z.strictObject({ id: idInPath })

export const cursorShape = z.tuple([z.number().int()])
