import { z } from 'zod'
import { mailAddress, multiLine, singleLine, timeZoneName } from '#platform/fields.ts'
import { SCOPES } from '#platform/http/api/scopes.ts'
import { isReservedUsername } from './rules.ts'
import { ticked } from './settings/schema.ts'

/** As a person types it; stored composed and in lower case. It is part of public addresses. */
export const username = z
  .string()
  .transform((text) => text.slice(0, 200).normalize('NFKC').trim().toLowerCase())
  .pipe(
    z
      .string()
      .min(1)
      .max(64)
      .refine((name) => /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(name), { params: { code: 'username_invalid' } })
      .refine((name) => !isReservedUsername(name), { params: { code: 'username_reserved' } }),
  )

export const personName = singleLine(200)

/** Whether it may be chosen is for `judgePassword`; here it is only a string. */
export const password = z.string().min(1)

export const newAccount = z.strictObject({
  name: personName,
  email: mailAddress,
  username,
  password,
  /** Of the browser; without one, UTC until the person says otherwise. */
  timeZone: timeZoneName.catch('UTC'),
})
export type NewAccount = z.output<typeof newAccount>

export const credentials = z.strictObject({ email: z.string().min(1), password })

export const profile = z.strictObject({
  name: personName,
  username,
  bio: multiLine(5000),
})

const theme = z.enum(['system', 'light', 'dark'])

const hexColor = z
  .string()
  .transform((color) => color.trim().toLowerCase() || null)
  .pipe(
    z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .nullable(),
  )

export const appearance = z.strictObject({
  theme,
  /** Of the pages that others see. */
  pageTheme: theme,
  /** Empty: the colour of the product. */
  brandColor: hexColor,
  /** Empty: the same, moved as far as it takes. */
  brandColorDark: hexColor,
  hideBranding: ticked,
})

export const passwordChange = z.strictObject({ currentPassword: password, newPassword: password })

const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length)

export const newApiKey = z
  .strictObject({
    label: singleLine(100),
    /** Days until it ends; `never`: it does not. */
    expires: z.enum(['7', '30', '90', '365', 'never']).default('never'),
    /** `some`: only what is ticked in `scopes`. */
    access: z.enum(['all', 'some']).default('all'),
    /** One tick of a form comes as itself, several as a list. */
    scopes: z.union([scopes, z.enum(SCOPES).transform((one) => [one])]).optional(),
  })
  .refine(({ access, scopes: some }) => access === 'all' || some, {
    path: ['scopes'],
    params: { code: 'scopes_missing' },
  })
