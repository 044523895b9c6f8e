const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

interface RequestFacts {
  method: string
  /** Host header. */
  host: string
  origin: string | undefined
  /** Sec-Fetch-Site header. */
  fetchSite: string | undefined
}

/**
 * Whether a request may change state on the strength of a cookie: safe methods always, others only from a page of this site.
 * A browser names the origin on every unsafe request; where it does not (old ones, `no-referrer`), Sec-Fetch-Site decides, and a
 * request with neither does not come from a browser that holds cookies.
 */
export function mayChangeState({ method, host, origin, fetchSite }: RequestFacts, publicUrl: URL): boolean {
  if (SAFE_METHODS.has(method)) return true
  if (origin !== undefined) {
    if (origin === 'null') return fetchSite === 'same-origin'
    const from = URL.parse(origin)
    return from !== null && (from.host === host || from.origin === publicUrl.origin)
  }
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none'
}
