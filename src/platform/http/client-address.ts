import type { IncomingHttpHeaders } from 'node:http'

/**
 * The client's address: the socket's, or the entry of X-Forwarded-For that the outermost trusted proxy added. Entries further left
 * are the client's own words and are never believed.
 */
export function clientAddress(
  headers: IncomingHttpHeaders,
  socketAddress: string | undefined,
  trustedProxies: number,
): string {
  const own = socketAddress?.replace(/^::ffff:/, '') ?? ''
  if (trustedProxies === 0) return own
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return forwarded[forwarded.length - trustedProxies] ?? own
}
