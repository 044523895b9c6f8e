import { z } from 'zod'
import { SESSION_CHOICES } from './rules.ts'

export const sessionTimeOut = z.strictObject({
  /** `never`: after as long as is usual. */
  minutes: z
    .enum(['never', ...SESSION_CHOICES.map((minutes) => `${minutes}` as const)])
    .transform((choice) => (choice === 'never' ? null : Number(choice))),
})
