import type { Ctx } from '#platform/ctx.ts'

declare global {
  namespace App {
    interface Locals {
      ctx: Ctx
    }
    interface Error {
      message: string
      code?: string
      requestId?: string
    }
  }
}
