import type { Ctx } from './ctx.ts'

/**
 * Work that looks again and again whether there is something to do. It is a timer in every worker rather than a job that
 * sends itself anew: nothing has to be started once and kept alive, and a worker that dies takes nothing with it. So runs of
 * several workers overlap, and the work itself decides by the rows it claims.
 */
export interface PeriodicWork {
  name: string
  everySeconds: number
  /** Ends early when `signal` says that the process is stopping. */
  run(ctx: Ctx, signal: AbortSignal): Promise<void>
}

export interface PeriodicRunner {
  /** Lets what runs finish, and starts nothing more. */
  stop(): Promise<void>
}

/** Runs each work now, and again `everySeconds` after it ended. A run that throws is logged and followed by the next. */
export function startPeriodic(works: readonly PeriodicWork[], contextFor: (name: string) => Ctx): PeriodicRunner {
  const stopping = new AbortController()
  const loops = works.map((work) => loop(work, contextFor, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function loop(work: PeriodicWork, contextFor: (name: string) => Ctx, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const ctx = contextFor(work.name)
    try {
      await work.run(ctx, signal)
    } catch (error) {
      ctx.log.error({ err: error, work: work.name }, 'periodic work failed')
    }
    await pause(work.everySeconds * 1000, signal)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
