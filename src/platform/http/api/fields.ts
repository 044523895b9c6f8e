import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** A number in a path. What is none leads nowhere: 404. */
export const idInPath = z
  .string()
  .regex(/^[1-9]\d{0,15}$/)
  .transform(Number)
  .pipe(z.number().int().max(Number.MAX_SAFE_INTEGER))
  .meta({ type: 'integer', examples: [42] })

/** A random name in a path, such as a booking's. */
export const uidInPath = z
  .string()
  .regex(/^[\w-]{1,100}$/)
  .meta({ examples: ['o7ybnJVjV3nUnNxh6hB1dZkS'] })

/** An id in a body. */
export const idInBody = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

export function queryInteger(least: number, most: number) {
  return z
    .string()
    .regex(/^-?\d{1,16}$/)
    .transform(Number)
    .pipe(z.number().int().min(least).max(most))
    .meta({ type: 'integer', minimum: least, maximum: most, pattern: undefined })
}

export const queryId = queryInteger(1, Number.MAX_SAFE_INTEGER)

export const queryBoolean = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .meta({ type: 'boolean', enum: undefined })

const MOST_IN_LIST = 250

/** Several values of one name: `a=1&a=2`, `a[]=1&a[]=2`, `a[0]=1&a[1]=2` or `a=1,2`. */
export function queryList<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .union([z.string(), z.array(z.string()).max(MOST_IN_LIST)])
    .transform((given) => (typeof given === 'string' ? given.split(',').slice(0, MOST_IN_LIST + 1) : given))
    .pipe(z.array(item).max(MOST_IN_LIST))
    .meta({ type: 'array', items: z.toJSONSchema(item, { io: 'input' }), anyOf: undefined })
}

/** RFC 3339 with an offset or Z. */
export const instant = z.iso
  .datetime({ offset: true, error: 'not_an_instant' })
  .transform((text) => Temporal.Instant.from(text))

/** How replies write an instant: UTC, milliseconds. */
export function isoInstant(moment: Temporal.Instant | number): string {
  return new Date(typeof moment === 'number' ? moment : moment.epochMilliseconds).toISOString()
}

/** For shapes of replies. */
export const instantText = z.string().meta({ format: 'date-time', examples: ['2026-11-23T08:00:00.000Z'] })
