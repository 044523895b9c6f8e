import type { Config } from '#platform/config.ts'
import { clockFinding, type Finding, reasonOf } from './finding.ts'

const SUBJECT = 'address'
const WAIT_MS = 10_000
/** The Date header counts in seconds (RFC 9110 §5.6.7): on average half a one is lost. */
const LOST_MS = 500

/** Whether the public address leads to a running server, over TLS, and what time that server says it is. */
export async function urlFindings({ url }: Pick<Config, 'url'>): Promise<Finding[]> {
  const asked = performance.timeOrigin + performance.now()
  try {
    const answer = await fetch(new URL('/readyz', url), { redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) })
    const answered = performance.timeOrigin + performance.now()
    const said = Date.parse(answer.headers.get('date') ?? '')
    const clock = Number.isNaN(said)
      ? []
      : [clockFinding('clock', `the server at ${url.host}`, said + LOST_MS - (asked + answered) / 2)]
    return [answerFinding(url, answer.status, await answer.text()), ...clock]
  } catch (error) {
    return [
      {
        subject: SUBJECT,
        ok: false,
        text: `${url.origin} does not answer: ${reasonOf(error)}`,
        fix: 'Start Sundial, and check SUNDIAL_URL, the name in DNS, the firewall and the proxy.',
      },
    ]
  }
}

function answerFinding(url: URL, status: number, text: string): Finding {
  if (status !== 200 || text.trim() !== 'ready') {
    const fix =
      status === 503
        ? 'The server runs without its database: see there.'
        : 'Something else answers there. Point the proxy at the port of Sundial, with the path as it came.'
    return { subject: SUBJECT, ok: false, text: `${url.origin}/readyz answers with ${status}`, fix }
  }
  if (url.protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(url.hostname)) {
    return {
      subject: SUBJECT,
      ok: false,
      text: `${url.origin} answers, but without TLS anybody on the way can read passwords`,
      fix: 'Put a proxy with a certificate in front, such as Caddy, and set SUNDIAL_URL=https://…',
    }
  }
  return { subject: SUBJECT, ok: true, text: `${url.origin} answers and is ready` }
}
