import type { Ctx } from '#platform/ctx.ts'
import { type ApiRoute, defineApiRoute } from '#platform/http/api/route.ts'
import { slotVersions } from '../../api/versions.ts'
import { availabilityError } from '../../errors.ts'
import type { Hold } from '../../types.ts'
import { moveHold, placeHold, releaseHold } from '../commands.ts'
import { holdByToken } from '../queries.ts'
import { presentedReservation, type Reserved } from './present.ts'
import { newReservation, reservation, reservationChange, reservationParams } from './schema.ts'

const MINUTE = 60_000
const common = { tag: 'Slots', versions: slotVersions } as const
const keepingRefusals = [
  ...['event_type_not_found', 'slot_taken', 'slot_not_offered', 'duration_not_offered'],
  'hold_length_not_yours',
]

const create = defineApiRoute({
  ...common,
  method: 'post',
  path: '/slots/reservations',
  operationId: 'reserveSlot',
  summary: 'Keep a slot',
  description:
    'Nobody else can book it, nor what would overlap it with its buffers, until it is booked with its `reservationUid`, given up, or over. Where seats are shared one of them is kept, and the others can be booked. A slot that is taken is refused with the nearest free starts in `details.alternatives`.',
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  body: newReservation,
  status: 201,
  data: reservation,
  refusals: keepingRefusals,
  async run(ctx, { body }) {
    const { eventTypeId, slotStart, slotDuration: duration, reservationDuration: minutes } = body
    const wish = { offer: { eventTypeId }, start: slotStart.epochMilliseconds, duration, minutes }
    return { data: presentedReservation(reserved(await placeHold(ctx, wish))) }
  },
})

const getOne = defineApiRoute({
  ...common,
  method: 'get',
  path: '/slots/reservations/{uid}',
  operationId: 'getReservedSlot',
  summary: 'A slot that is kept',
  access: 'public',
  params: reservationParams,
  data: reservation,
  refusals: ['hold_not_found'],
  run: async (ctx, { params }) => ({ data: presentedReservation(await heldAt(ctx, params.uid)) }),
})

const update = defineApiRoute({
  ...common,
  method: 'patch',
  path: '/slots/reservations/{uid}',
  operationId: 'updateReservedSlot',
  summary: 'Keep another slot instead',
  description: 'Under the same uid, anew from now. When it is refused, what was kept before still is.',
  access: 'public',
  keyScope: 'BOOKING_WRITE',
  params: reservationParams,
  body: reservationChange,
  data: reservation,
  refusals: ['hold_not_found', ...keepingRefusals],
  async run(ctx, { params: { uid }, body }) {
    const present = await heldAt(ctx, uid)
    const { eventTypeId = present.eventTypeId, slotStart, slotDuration, reservationDuration: minutes } = body
    const sameType = eventTypeId === present.eventTypeId
    const hold = await moveHold(ctx, uid, {
      offer: { eventTypeId },
      start: slotStart?.epochMilliseconds ?? present.start,
      duration: slotDuration ?? (sameType ? (present.end - present.start) / MINUTE : undefined),
      minutes,
    })
    return { data: presentedReservation(reserved(hold)) }
  },
})

const remove = defineApiRoute({
  ...common,
  method: 'delete',
  path: '/slots/reservations/{uid}',
  operationId: 'deleteReservedSlot',
  summary: 'Give up a slot that is kept',
  access: 'public',
  params: reservationParams,
  refusals: ['hold_not_found'],
  async run(ctx, { params }) {
    if (!(await releaseHold(ctx, params.uid))) throw availabilityError('hold_not_found')
    return { data: undefined }
  },
})

/** @throws hold_not_found */
async function heldAt(ctx: Ctx, uid: string): Promise<Reserved> {
  const hold = await holdByToken(ctx, uid)
  if (!hold) throw availabilityError('hold_not_found')
  return reserved(hold)
}

/** What a group link keeps belongs to a page. @throws hold_not_found */
function reserved({ eventTypeId, ...hold }: Hold): Reserved {
  if (eventTypeId === null) throw availabilityError('hold_not_found')
  return { ...hold, eventTypeId }
}

export const reservationRoutes: readonly ApiRoute[] = [create, getOne, update, remove]
