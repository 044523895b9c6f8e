import type { z } from 'zod'
import type { Ctx } from '../../ctx.ts'
import type { Pagination } from './pages.ts'
import type { Access, Scope } from './scopes.ts'
import type { Versions } from './versions.ts'

/** The key a request came with. */
export interface UsedKey {
  id: string
  /** Null: everything. */
  scopes: readonly string[] | null
}

export interface Reply<D> {
  data: D
  pagination?: Pagination
}

interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  /** Null: without one, as public routes may be called. */
  key: UsedKey | null
}

interface Definition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, D extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below /v2, parameters in braces: `/schedules/{scheduleId}`. */
  path: string
  operationId: string
  /** Heading it stands under in the reference. */
  tag: string
  summary: string
  description?: string
  access: Access
  /** Of a public route: what a key must be for, if one is sent. */
  keyScope?: Scope
  versions: Versions
  /** Strings as they stand in the path. What does not fit is not there: 404. */
  params?: P
  /** Strings and lists of them: see `fields.ts`. */
  query?: Q
  body?: B
  status?: 200 | 201
  /** Shape of `data` in the current version; absent: the reply has none. */
  data?: D
  /** Shapes of `data` in older versions. */
  olderData?: readonly z.ZodType[]
  /** The reply has `pagination`. */
  paged?: boolean
  /** Codes it may refuse with, beside those every route has. */
  refusals?: readonly string[]
  run: (ctx: Ctx, input: Input<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply<z.input<D>>>
}

/** A route as the router and the document see it. */
export type ApiRoute = Definition<z.ZodType, z.ZodType, z.ZodType, z.ZodType>

/** One operation of the API: parse, call one query or command, present. */
export function defineApiRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  D extends z.ZodType = z.ZodUndefined,
>(definition: Definition<P, Q, B, D>): ApiRoute {
  return definition as unknown as ApiRoute
}
