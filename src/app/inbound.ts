import type { InboundProvider } from '#platform/http/inbound.ts'

/** Every service that may tell this installation of something: nobody else is listened to. */
export const inboundProviders: readonly InboundProvider[] = []
