import type { ActiveSession } from '#features/accounts/sessions/types.ts'
import type { Offer } from '#features/availability/types.ts'
import type { Asked } from '#features/bookings/answering/links/types.ts'
import type { Decoy } from '#features/bookings/decoys/queries.ts'
import type { Booking } from '#features/bookings/types.ts'
import type { PrivateLink } from '#features/event-types/links/types.ts'
import type { Settings } from '#features/event-types/schema.ts'
import type { Ctx } from '#platform/ctx.ts'
import type { FormProblem } from '#platform/http/kit.ts'
import type { MessageKey } from '#platform/i18n/messages.ts'

declare global {
  namespace App {
    interface Locals {
      ctx: Ctx
      /** Of whoever is signed in; every page outside of (public) and (auth) has one. */
      session?: ActiveSession
      /** How the page is shown; a load sets it, `system` unless it does. */
      theme?: 'system' | 'light' | 'dark'
      /** Why the form of this request was refused, for the load that shows it again. */
      formProblem?: FormProblem
      /** Settings of an event type that are shown before they are saved. */
      draft?: Partial<Settings>
      /** What the page is about, read once for layout and page. */
      found?: Promise<{ offer: Offer; link: PrivateLink | null; movedTo?: string } | null>
      booking?: Promise<Booking | null>
      asked?: Promise<Asked | null>
      /** That booking does not exist: somebody who is blocked is shown it. */
      decoy?: Decoy | null
      /** What was typed into a form of this request that is shown again without being sent. */
      typed?: FormProblem['values']
    }
    interface Error {
      message: string
      code?: string
      requestId?: string
      /** What an error page says, ready to show: those pages stand above every layout that provides messages. */
      words?: {
        title: string
        /** What the reader can do. */
        advice: string
        /** Text of the link to the start page. */
        home: string
        /** Introduces the id of the request, for whoever looks after the instance. */
        reference: string
      }
    }
  }
}

declare module '#ui/i18n.ts' {
  interface MessageKeys extends Record<MessageKey, true> {}
}
