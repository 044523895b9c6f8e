import { z } from 'zod'
import { idInBody, instant, uidInPath } from '#platform/http/api/fields.ts'
import { MOST_MINUTES, USUAL_MINUTES } from '../types.ts'

const writable = {
  eventTypeId: idInBody,
  slotStart: instant,
  slotDuration: z.number().int().min(1).max(1440).optional().meta({ description: 'Minutes, where there is a choice.' }),
  reservationDuration: z
    .number()
    .int()
    .min(1)
    .max(MOST_MINUTES)
    .optional()
    .meta({ description: `Minutes, for a key of the host only. Otherwise ${USUAL_MINUTES}.` }),
}

const example = { eventTypeId: 3, slotStart: '2026-11-24T08:00:00Z', slotDuration: 30 }

export const newReservation = z.strictObject(writable).meta({ id: 'NewReservation', examples: [example] })

export const reservationChange = z
  .strictObject(writable)
  .partial({ eventTypeId: true, slotStart: true })
  .meta({
    id: 'ReservationChange',
    description: 'What is not named stays. In any case it is kept anew from now.',
    examples: [{ slotStart: '2026-11-24T09:00:00Z' }],
  })

export const reservationParams = z.strictObject({ uid: uidInPath })

export const reservation = z
  .object({
    reservationUid: z
      .string()
      .meta({ description: 'Who has it may book the slot, change or give up the reservation.' }),
    eventTypeId: z.number().int(),
    slotStart: z.string().meta({ format: 'date-time' }),
    slotEnd: z.string().meta({ format: 'date-time' }),
    slotDuration: z.number().int(),
    reservationDuration: z.number().int(),
    reservationUntil: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'Reservation' })

export type WireReservation = z.input<typeof reservation>
