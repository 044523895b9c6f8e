import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startWebhookReceiver, type WebhookReceiver } from '#test/webhook-receiver.ts'
import {
  accessibilityFaults,
  book,
  freeStarts,
  openDashboard,
  ownOffer,
  picture,
  useScene,
  visitAsOwner,
} from './scene.ts'

const scene = useScene({ SUNDIAL_OUTBOUND_ALLOW: '127.0.0.0/8' })
let receiver: WebhookReceiver
let path: string

beforeAll(async () => {
  receiver = await startWebhookReceiver()
  path = await ownOffer(scene, { slug: 'talk', title: 'A talk about the engine' })
})
afterAll(async () => {
  await receiver?.close()
})
beforeEach(() => {
  receiver.calls.length = 0
  receiver.answer = (_call, response) => response.end('thank you')
})

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('not in time')
}

/** Makes a webhook over the form; gives its secret. */
async function makeWebhook(page: Page, url: string): Promise<string> {
  await page.getByRole('link', { name: 'New webhook' }).click()
  await page.getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Make webhook' }).click()
  return (await page.locator('code', { hasText: 'whsec_' }).textContent()) ?? ''
}

it('a host makes a webhook, tries it out, and sees what was sent and answered', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/settings/webhooks')
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor()
  await picture(page, 'webhooks-none')
  const secret = await makeWebhook(page, `${receiver.url}/hook`)
  await picture(page, 'webhooks-secret')
  await page.getByRole('link', { name: 'To the webhook' }).click()

  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('thank you').waitFor()
  expect(receiver.calls.map(({ json }) => json.triggerEvent)).toEqual(['PING'])
  receiver.answer = (_call, response) => response.writeHead(422).end('<i>no such field</i>')
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText(/Refused with 422/).waitFor()
  await page.getByText('<i>no such field</i>').waitFor()

  receiver.calls.length = 0
  receiver.answer = (_call, response) => response.end('thank you')
  const [start = 0] = (await freeStarts(scene.app, path)).slice(10)
  await book(scene.app, path, start, { name: 'Bo Visitor' })
  await until(() => receiver.calls.length === 1)
  const [call] = receiver.calls
  expect(call?.headers['x-cal-signature-256']).toBe(
    createHmac('sha256', secret)
      .update(call?.body ?? '')
      .digest('hex'),
  )
  expect(call?.json.payload).toMatchObject({ title: 'A talk about the engine', attendees: [{ name: 'Bo Visitor' }] })

  await until(async () => {
    await openDashboard(scene, page, page.url().replace(scene.app.url, ''))
    return (await page.getByText('Delivered', { exact: true }).count()) === 1
  })
  await page.getByText('Request and answer').click()
  await page.getByText(/"triggerEvent": "BOOKING_CREATED"/).waitFor()
  await picture(page, 'webhook-1280-light')
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByRole('button', { name: /Send again/ }).click()
  await page.getByText('It is sent again').waitFor()
  await until(() => receiver.calls.length === 2)
  expect(receiver.calls[1]?.headers['webhook-id']).toBe(call?.headers['webhook-id'])

  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const fresh = await page.locator('code', { hasText: 'whsec_' }).textContent()
  expect(fresh).not.toBe(secret)
  await page.getByText(/The secret before it signs as well until/).waitFor()
  expect(await page.content()).not.toContain(secret)

  await page.getByRole('switch', { name: 'On' }).uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Delete webhook' }).click()
  await page.getByText('Webhook deleted').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Webhook restored').waitFor()
  await page.getByRole('link', { name: `${receiver.url}/hook` }).waitFor()
  expect(await page.getByText('Off', { exact: true }).count()).toBe(1)
})

it('says at the field what is wrong with an address, and keeps what was typed', async () => {
  const { page } = await visitAsOwner(scene)
  await openDashboard(scene, page, '/settings/webhooks/new')
  await page.getByLabel('Address').fill('https://169.254.169.254/latest/meta-data/')
  await page.getByRole('checkbox', { name: 'Rejected' }).check()
  await page.getByText('Write the body yourself').click()
  await page.getByLabel('Body of your own').fill('{"text":"{{title}}')
  await page.getByText('What comes out is not JSON', { exact: false }).waitFor()
  await page.getByLabel('Body of your own').fill('{"text":"{{organizer.name}} {{#each attendees}}{{name}}{{/each}}"}')
  await page.getByText('{"text":"Host Guest"}').waitFor()
  await page.getByRole('button', { name: 'Make webhook' }).click()
  await page.getByText('This address leads into a private network.', { exact: false }).first().waitFor()
  expect(await page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByRole('checkbox', { name: 'Rejected' }).isChecked()).toBe(true)
  await picture(page, 'webhook-refused')
  expect(await accessibilityFaults(page)).toEqual([])
})

it('works without scripts, for one event type', async () => {
  const { page } = await visitAsOwner(scene, { javaScriptEnabled: false })
  const { id } = await scene.app.db
    .selectFrom('event_types')
    .select('id')
    .where('slug', '=', 'talk')
    .executeTakeFirstOrThrow()
  await page.goto(`${scene.app.url}/event-types/${id}/webhooks`)
  await page.getByRole('heading', { name: 'No webhooks for this event type' }).waitFor()
  await makeWebhook(page, `${receiver.url}/plain`)
  await page.getByRole('link', { name: 'To the webhook' }).click()
  await page.getByText('Only A talk about the engine').waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('thank you').waitFor()
  await page.goto(`${scene.app.url}/event-types/${id}/webhooks`)
  await page.getByRole('link', { name: `${receiver.url}/plain` }).click()
  await page.getByRole('button', { name: 'Delete webhook' }).click()
  await page.getByText('Webhook deleted').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Webhook restored').waitFor()
})

it('is nobody else’s to see', async () => {
  const { id } = await scene.app.db.selectFrom('webhooks').select('id').executeTakeFirstOrThrow()
  const stranger = await fetch(`${scene.app.url}/settings/webhooks/${id}`, { redirect: 'manual' })
  expect(stranger.status).toBe(303)
  const { page } = await visitAsOwner(scene)
  const { insertHost } = await import('#test/offers.ts')
  const other = await insertHost(scene.app.db)
  await scene.app.db.updateTable('webhooks').set({ user_id: other.id }).where('id', '=', id).execute()
  const answer = await page.goto(`${scene.app.url}/settings/webhooks/${id}`)
  expect(answer?.status()).toBe(404)
  await scene.app.db.updateTable('webhooks').set({ user_id: scene.ownerId }).where('id', '=', id).execute()
})
