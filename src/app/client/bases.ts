import type { Shape } from './types.ts'

interface Base {
  /** As TypeScript writes it. */
  type: string
  /** What is left to be said of the shape. */
  rest: Shape
}

type Named = Readonly<Record<string, Shape>>

/** Of the fields of another shape: with more it is hardly the same thing. */
const MOST_LEFT_OUT = 1 / 4

/** The other named shape that one is best told by, so that what both have is written once. */
export function baseOf(name: string, shape: Shape, named: Named): Base | undefined {
  if (!isPlain(shape)) return undefined
  const others = Object.entries(named).filter(([other, base]) => other !== name && isPlain(base))
  return partialOf(shape, others) ?? extended(name, shape, others)
}

/** `ScheduleChange` is `Partial<NewSchedule>`: the same fields, of which none is needed. */
function partialOf(shape: Shape, others: [string, Shape][]): Base | undefined {
  const found = others.find(
    ([, base]) =>
      requiredOf(shape).length === 0 && requiredOf(base).length > 0 && sameJson(base.properties, shape.properties),
  )
  return found && { type: `Partial<${found[0]}>`, rest: without(shape, fieldsOf(shape)) }
}

/** `RecurringBooking` is a `Booking`, as its name says, and has more fields, or others for a few of them. */
function extended(name: string, shape: Shape, others: [string, Shape][]): Base | undefined {
  const [found] = others
    .filter(([other]) => name.endsWith(other))
    .map(([other, base]) => ({ other, base, shared: fieldsOf(base).filter((field) => isSame(field, shape, base)) }))
    .filter(({ base, shared }) => shared.length >= (1 - MOST_LEFT_OUT) * fieldsOf(base).length)
    .sort((one, two) => two.other.length - one.other.length)
  if (!found) return undefined
  const { other, base, shared } = found
  const leftOut = fieldsOf(base).filter((field) => !shared.includes(field))
  const type = leftOut.length === 0 ? other : `Omit<${other}, ${leftOut.map((field) => `'${field}'`).join(' | ')}>`
  return { type, rest: without(shape, shared) }
}

function isPlain({ type, properties, additionalProperties, anyOf, oneOf, allOf, $ref }: Shape): boolean {
  const more = typeof additionalProperties === 'object' || anyOf || oneOf || allOf || $ref
  return type === 'object' && properties !== undefined && !more
}

function isSame(field: string, shape: Shape, base: Shape): boolean {
  const isRequired = requiredOf(shape).includes(field) === requiredOf(base).includes(field)
  return isRequired && sameJson(shape.properties?.[field], base.properties?.[field])
}

function without(shape: Shape, fields: readonly string[]): Shape {
  const left = Object.entries(shape.properties ?? {}).filter(([field]) => !fields.includes(field))
  return { ...shape, properties: Object.fromEntries(left) }
}

const fieldsOf = ({ properties = {} }: Shape) => Object.keys(properties)
const requiredOf = ({ required = [] }: Shape) => required
const sameJson = (one: unknown, two: unknown) => JSON.stringify(one) === JSON.stringify(two)
