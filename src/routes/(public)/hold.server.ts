import type { RequestEvent } from '@sveltejs/kit'
import { z } from 'zod'
import { placeHold, releaseHold } from '#features/availability/holds/commands.ts'
import { listStarts } from '#features/availability/starts/queries.ts'
import { AppError } from '#platform/errors.ts'
import { expected } from '#platform/http/kit.ts'
import { statusOf } from '#platform/http/status.ts'
import { parseInput } from '#platform/input.ts'
import { visitorZone } from './asked.server.ts'
import { forgetHold, HOLD_COOKIE, keyOf, type Offered } from './offered.server.ts'
import { problemText } from './refusal.server.ts'

const holdSchema = z.strictObject({
  /** Epoch ms. */
  start: z.number().int(),
  /** Minutes. */
  duration: z.number().int().min(1).max(1440),
  /** Seats, of who books. */
  quantity: z.number().int().min(1).max(1000).default(1),
})

/** Keeps a start for the visitor who opened the form; the cookie says whose it is. */
export async function answerHold(event: RequestEvent, offered: Offered): Promise<Response> {
  const { ctx } = event.locals
  try {
    const { start, duration, quantity: wanted } = parseInput(holdSchema, await jsonBody(event.request))
    const previousToken = event.cookies.get(HOLD_COOKIE)
    const offer = keyOf(offered)
    const quantity = offered.seats ?? wanted
    const { timeZone } = visitorZone(event, offered.offer)
    const hold = await placeHold(ctx, { offer, start, duration, quantity, previousToken, timeZone }).catch((refusal) =>
      unlessOwn(event, offered, { start, duration }, refusal),
    )
    if (!hold) return new Response(null, { status: 204 })
    const expiresIn = hold.expiresAt - ctx.clock.now().epochMilliseconds
    const secure = ctx.config.url.protocol === 'https:'
    event.cookies.set(HOLD_COOKIE, hold.token, {
      path: '/',
      maxAge: Math.ceil(expiresIn / 1000),
      sameSite: 'lax',
      httpOnly: true,
      secure,
    })
    const left = offered.offer.eventType.seats?.showFree ? hold.seatsFree : null
    return Response.json({ expiresIn, left })
  } catch (failure) {
    const refusal = expected(failure, event.locals)
    const { code, details } = refusal
    return Response.json(
      {
        code,
        text: problemText(ctx, code, details),
        alternatives: details.alternatives ?? [],
        left: details.free ?? null,
      },
      { status: statusOf(refusal) },
    )
  }
}

/** A booking that is moved a little stands in its own way: no hold is needed where it holds the time itself. */
async function unlessOwn(
  { locals: { ctx } }: RequestEvent,
  { offer, own }: Offered,
  { start, duration }: { start: number; duration: number },
  refusal: unknown,
): Promise<null> {
  if (own.bookingId === undefined) throw refusal
  const starts = await listStarts(ctx, offer, duration, { start, end: start + 1 }, own)
  if (!starts.includes(start)) throw refusal
  return null
}

async function jsonBody(request: Request): Promise<unknown> {
  try {
    return await request.json()
  } catch {
    // Cut off or no JSON at all: a script that is ours sends neither.
    throw new AppError('invalid_input', 'invalid', { fields: [] })
  }
}

export async function answerRelease({ cookies, locals }: RequestEvent): Promise<Response> {
  const token = cookies.get(HOLD_COOKIE)
  if (token) await releaseHold(locals.ctx, token)
  forgetHold({ cookies, locals })
  return new Response(null, { status: 204 })
}
