import { readMail } from '#platform/mail/reading.ts'
import { requireMail } from '../../catcher.ts'
import type { RequestHandler } from './$types'

/** The mail alone may style itself, and nothing else; opened by itself it is locked up as in the page that shows it. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ')

export const GET: RequestHandler = async ({ locals, params }) => {
  const { html } = await readMail((await requireMail(locals, params.id)).raw)
  return new Response(html.replace(/<head>/i, '<head><base target="_blank">'), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
}
