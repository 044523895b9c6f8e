import type { Ctx } from '../ctx.ts'

/** What routes of the REST API find in their context: the request's own, with an actor who was let in. */
export interface ApiEnv {
  Variables: { ctx: Ctx }
}
