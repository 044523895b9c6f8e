import { describe, expect, it } from 'vitest'
import { userScope } from '#platform/scope.ts'
import { insertEventType, insertHost } from '#test/offers.ts'
import { refusal } from '#test/refusal.ts'
import { hmac, useWebhooks } from '#test/webhooks.ts'
import {
  createWebhook,
  deleteWebhook,
  pingWebhook,
  redeliver,
  restoreWebhook,
  rotateSecret,
  updateWebhook,
} from './commands.ts'
import { listDeliveries } from './log/queries.ts'
import { findWebhook, listWebhooks } from './queries.ts'
import type { NewWebhook } from './schema.ts'

const { at, asHost, make, book, bookingOf, calls, settled } = useWebhooks()

describe('a webhook', () => {
  it('keeps its secret to itself, and shows it once', async () => {
    const { id, secret } = await make()
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
    const row = await at.context.services.db
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(secret)
    expect(row.secret).toMatch(/^v2\.[0-9a-f]{8}\./)
    const shown = await findWebhook(at.context.services.db, userScope(asHost()), id)
    expect(JSON.stringify(shown)).not.toContain(row.secret)
    expect(shown).toMatchObject({ hasSecret: true, active: true, url: `${at.receiver.url}/hook` })
  })

  it('does not open with a secret that belongs to another one', async () => {
    const [one, two] = [await make(), await make()]
    const { db } = at.context.services
    const { secret } = await db
      .selectFrom('webhooks')
      .select('secret')
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow()
    await db.updateTable('webhooks').set({ secret }).where('id', '=', two.id).execute()
    await updateWebhook(asHost(), { id: one.id, active: false })
    const { bookingId } = await bookingOf(book())
    expect(await settled(bookingId, 1)).toMatchObject([{ state: 'failed', reason: 'webhook_secret_unreadable' }])
    expect(at.receiver.calls).toEqual([])
  })

  it.each([
    [{ url: 'http://open.example/' }, 'invalid_input/url:outbound_needs_https'],
    [{ url: 'https://inside.example/' }, 'invalid_input/url:outbound_forbidden'],
    [{ url: 'https://nobody.example/' }, 'invalid_input/url:outbound_host_unknown'],
    [{ url: 'https://169.254.169.254/' }, 'invalid_input/url:outbound_forbidden'],
    [{ url: 'https://0xa000001/' }, 'invalid_input/url:outbound_address_invalid'],
    [{ url: '' }, 'invalid_input/url:field_required'],
    [{ triggers: [] }, 'invalid_input/triggers:field_too_few'],
    [{ triggers: ['BOOKING_PAID'] }, 'invalid_input/triggers.0:field_invalid'],
    [{ secret: 'short' }, 'invalid_input/secret:field_too_short'],
    [{ secret: 'with spaces in it' }, 'invalid_input/secret:field_invalid'],
    [{ secret: 'whsec_AAAA' }, 'invalid_input/secret:field_invalid'],
    [{ secret: 'whsec_!!!!!!!!!!!!!!!!!!!!!!!!!!!!' }, 'invalid_input/secret:field_invalid'],
    [{ template: 'x{{#if' }, 'invalid_input/template:template_not_closed'],
    [{ version: '1999-01-01' }, 'invalid_input/version:field_invalid'],
    [{ userId: 1 }, 'invalid_input/:field_unknown'],
    [{ eventTypeId: 999_999 }, 'event_type_not_found'],
  ])('is not made of %j', async (more, code) => {
    expect(await refusal(make(more as Partial<NewWebhook>))).toBe(code)
    expect((await listWebhooks(at.context.services.db, userScope(asHost()))).webhooks).toEqual([])
  })

  it('is one of at most fifty, even when asked for all at once', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => refusal(make())))
    expect(all.filter((one) => one === 'done')).toHaveLength(50)
    expect(all.filter((one) => one === 'too_many_webhooks')).toHaveLength(10)
    const first = await listWebhooks(at.context.services.db, userScope(asHost()))
    const second = await listWebhooks(at.context.services.db, userScope(asHost()), { after: first.next ?? 0 })
    expect([first.webhooks.length, second.webhooks.length, second.next]).toEqual([25, 25, null])
  })

  it('is nobody else’s', async () => {
    const { id } = await make()
    const stranger = asHost(await insertHost(at.context.services.db))
    const foreign = await insertEventType(at.context.services.db, userScope(stranger).userId, { slug: 'other' })
    const acts = [
      () => updateWebhook(stranger, { id, active: false }),
      () => rotateSecret(stranger, { id }),
      () => deleteWebhook(stranger, { id }),
      () => pingWebhook(stranger, { id }),
      () => redeliver(stranger, { id, deliveryId: '018f0000-0000-7000-8000-000000000000' }),
      () => listDeliveries(at.context.services.db, userScope(stranger), { webhookId: id }),
      () => findWebhook(at.context.services.db, userScope(stranger), id),
    ]
    for (const act of acts) expect(await refusal(act())).toBe('webhook_not_found')
    expect(await refusal(make({ eventTypeId: foreign }))).toBe('event_type_not_found')
    expect(await refusal(createWebhook(at.context.visitor, { url: at.receiver.url, triggers: ['OOO_CREATED'] }))).toBe(
      'sign_in_required',
    )
    expect((await listWebhooks(at.context.services.db, userScope(stranger))).webhooks).toEqual([])
  })

  it('comes back from the trash with its secret', async () => {
    const { id, secret } = await make()
    const { key } = await deleteWebhook(asHost(), { id })
    expect(await refusal(findWebhook(at.context.services.db, userScope(asHost()), id))).toBe('webhook_not_found')
    await restoreWebhook(asHost(), { key })
    expect(await refusal(restoreWebhook(asHost(), { key }))).toBe('nothing_to_restore')
    await pingWebhook(asHost(), { id })
    const [ping] = await calls(1)
    expect(ping?.headers['x-cal-signature-256']).toBe(hmac(secret ?? '', ping?.body ?? ''))
  })

  it('answers a test with what the other side says', async () => {
    const { id } = await make()
    at.receiver.answer = (_call, response) => response.writeHead(418).end('<b>I am a teapot</b>\0')
    expect(await pingWebhook(asHost(), { id })).toMatchObject({
      ok: false,
      status: 418,
      body: '<b>I am a teapot</b>\uFFFD',
    })
    await at.receiver.close()
    expect(await pingWebhook(asHost(), { id })).toMatchObject({ ok: false, failure: 'outbound_unreachable' })
  })
})
