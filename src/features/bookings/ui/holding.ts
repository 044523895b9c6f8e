/** What is to be kept. */
interface Wish {
  /** Epoch ms. */
  start: number
  /** Minutes. */
  duration: number
  /** Seats, where they are shared. */
  quantity: number
}

/** The server's answer when the time could not be kept. */
export interface HoldRefusal {
  text: string
  /** Seats, where too few are. */
  left: number | null
  /** Free starts near the wanted one, epoch ms. */
  alternatives: number[]
}

/** Renewing this long before a hold ends covers a slow connection. */
const EARLY_MS = 20_000
/** A form is not kept waiting longer for it. */
const LONGEST_ANSWER_MS = 10_000
/** Nobody fills in a form longer than this; the time goes back to the others. */
const LONGEST_MS = 20 * 60_000

interface Listeners {
  onRefused: (refusal: HoldRefusal) => void
  /** Seats are left at a start (epoch ms), those that are kept included. */
  onLeft: (start: number, left: number) => void
}

/**
 * Keeps the chosen time while the form is open. The server knows the holder by a cookie, so there is nothing to remember here.
 * Booking works without a hold: when the network fails nothing is said, the form itself will tell.
 */
export function createHolding(path: string, { onRefused, onLeft }: Listeners) {
  const address = `${path}/hold`
  let timer: ReturnType<typeof setTimeout> | undefined
  let wanted = 0
  /** One request after the other: the cookie of one is what the next gives up. */
  let last: Promise<void> = Promise.resolve()
  /** Requests that are not answered yet. */
  let asking = 0

  function ask(turn: number, wish: Wish, since: number): void {
    asking += 1
    last = last
      .then(() => place(turn, wish, since))
      .catch(ignore)
      .finally(() => {
        asking -= 1
      })
  }

  async function place(turn: number, wish: Wish, since: number): Promise<void> {
    if (turn !== wanted) return
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    })
    if (turn !== wanted) return
    if (answer.status === 409) {
      const refusal = (await answer.json()) as HoldRefusal
      if (refusal.left !== null) onLeft(wish.start, refusal.left)
      return onRefused(refusal)
    }
    if (answer.status !== 200 || performance.now() - since > LONGEST_MS) return
    const { expiresIn, left } = (await answer.json()) as { expiresIn: number; left: number | null }
    if (left !== null) onLeft(wish.start, left)
    const wait = Math.max(expiresIn - EARLY_MS, EARLY_MS)
    timer = setTimeout(() => ask(turn, wish, since), wait)
  }

  /** Whatever is still to come of the earlier choice is dropped. */
  function nextTurn(): number {
    clearTimeout(timer)
    wanted += 1
    return wanted
  }

  return {
    place(wish: Wish): void {
      ask(nextTurn(), wish, performance.now())
    },
    /** While the server is being asked: until it has answered. Before that, it would take the visitor's own hold for another's. */
    pending(): Promise<void> | null {
      return asking > 0 ? last : null
    },
    release(): void {
      nextTurn()
      // Outlives the page; when it is lost all the same, the hold ends by itself.
      last = last.then(() => fetch(address, { method: 'DELETE', keepalive: true })).then(ignore, ignore)
    },
    /** The form goes to the server, which takes the hold over: leaving the page must not release it. */
    handOver(): void {
      nextTurn()
    },
  }
}

function ignore(): void {}
