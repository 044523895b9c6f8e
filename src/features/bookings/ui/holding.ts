/** The server's answer when the time could not be kept. */
export interface HoldRefusal {
  text: string
  /** Free starts near the wanted one, epoch ms. */
  alternatives: number[]
}

/** Renewing this long before a hold ends covers a slow connection. */
const EARLY_MS = 20_000
/** Nobody fills in a form longer than this; the time goes back to the others. */
const LONGEST_MS = 20 * 60_000

/**
 * Keeps the chosen time while the form is open. The server knows the holder by a cookie, so there is nothing to remember here.
 * Booking works without a hold: when the network fails nothing is said, the form itself will tell.
 */
export function createHolding(path: string, onRefused: (refusal: HoldRefusal) => void) {
  const address = `${path}/hold`
  let timer: ReturnType<typeof setTimeout> | undefined
  let held = false
  let turn = 0

  async function place(start: number, duration: number, since = performance.now()): Promise<void> {
    turn += 1
    const mine = turn
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ start, duration }),
    }).catch(() => null)
    // 204: the time is the visitor's own already.
    if (mine !== turn || answer === null || answer.status === 204) return
    const body: unknown = await answer.json().catch(() => null)
    // The page was left while the answer came in.
    if (mine !== turn || body === null) return
    if (answer.status === 409) return onRefused(body as HoldRefusal)
    if (!answer.ok) return
    held = true
    const { expiresIn } = body as { expiresIn: number }
    if (performance.now() - since < LONGEST_MS) {
      timer = setTimeout(() => void place(start, duration, since), Math.max(expiresIn - EARLY_MS, EARLY_MS))
    }
  }

  function release(): void {
    turn += 1
    clearTimeout(timer)
    if (!held) return
    held = false
    // Outlives the page; when it is lost all the same, the hold ends by itself.
    void fetch(address, { method: 'DELETE', keepalive: true }).catch(() => null)
  }

  /** The form goes to the server, which takes the hold over: leaving the page must not release it. */
  function handOver(): void {
    turn += 1
    clearTimeout(timer)
    held = false
  }

  return { place: (start: number, duration: number) => void place(start, duration), release, handOver }
}
