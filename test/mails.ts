import { sql } from 'kysely'
import type { Services } from '#platform/ctx.ts'
import type { Db } from '#platform/db/connect.ts'
import type { Delivery } from '#platform/deliveries.ts'
import { createMailTransport } from '#platform/mail/smtp.ts'
import type { MailTransport, OutgoingMail } from '#platform/mail/transport.ts'

/** Mails can be sent, as far as anybody asks; none is. */
export const unsentMail: MailTransport = {
  configured: true,
  send: () => Promise.reject(new Error('no mail is sent here')),
  close: () => Promise.resolve(),
}

/** Keeps mails instead of sending them, for tests of what is in one. */
export function keptMail(): { mail: MailTransport; sent: OutgoingMail[] } {
  const sent: OutgoingMail[] = []
  const mail: MailTransport = {
    configured: true,
    send: async (one) => void sent.push(one),
    close: () => Promise.resolve(),
  }
  return { mail, sent }
}

/** Sends to the server of the moment, so that a test can change it under the running worker. */
export interface SwitchedMail {
  mail: MailTransport
  /** To a server on this machine. */
  connect(services: Services, port: number): Promise<void>
  /** From now on no mails can be sent. */
  disconnect(): Promise<void>
}

export function switchedMail(): SwitchedMail {
  let present: MailTransport | null = null
  const disconnect = async () => {
    await present?.close()
    present = null
  }
  return {
    mail: {
      get configured() {
        return present !== null
      },
      send: (message) => present?.send(message) ?? Promise.reject(new Error('no transport')),
      close: async () => {},
    },
    async connect({ config, log }, port) {
      await disconnect()
      const mail = { host: '127.0.0.1', port, secure: false, user: null, password: null, name: null }
      present = await createMailTransport({ ...config, mail }, log)
    },
    disconnect,
  }
}

/** Deliveries of a topic, oldest first; with `hostId` those that tell of the bookings of that host. */
export async function deliveriesOfTopic(db: Db, topic: string, hostId?: number): Promise<Delivery[]> {
  const ofHost = db
    .selectFrom('bookings')
    .where('host_id', '=', hostId ?? null)
    .select(sql<string>`'booking:' || id`.as('subject'))
  const rows = await db
    .selectFrom('deliveries')
    .where('topic', '=', topic)
    .$if(hostId !== undefined, (query) => query.where('subject', 'in', ofHost))
    .orderBy('id')
    .selectAll()
    .execute()
  return rows.map(({ event_id, next_at, created_at, updated_at, delivered_at, ...row }) => ({
    ...row,
    ...{ eventId: event_id, nextAt: next_at, createdAt: created_at, updatedAt: updated_at, deliveredAt: delivered_at },
  }))
}

/** The newest one. @throws when there is none */
export async function lastDelivery(db: Db, topic: string): Promise<Delivery> {
  const delivery = (await deliveriesOfTopic(db, topic)).at(-1)
  if (!delivery) throw new Error(`no delivery of ${topic}`)
  return delivery
}
