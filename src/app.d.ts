import type { Ctx } from '#platform/ctx.ts'
import type { MessageKey } from '#platform/i18n/messages.ts'

declare global {
  namespace App {
    interface Locals {
      ctx: Ctx
      /** How the page is shown; a load sets it, `system` unless it does. */
      theme?: 'system' | 'light' | 'dark'
    }
    interface Error {
      message: string
      code?: string
      requestId?: string
    }
  }
}

declare module '#ui/i18n.ts' {
  interface MessageKeys extends Record<MessageKey, true> {}
}
