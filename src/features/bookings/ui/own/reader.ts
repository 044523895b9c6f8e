import type { OwnSpan } from './calendar.ts'
import type { Answer, Question } from './worker.ts'

export const MOST_MEGABYTES = 10
const MOST_BYTES = MOST_MEGABYTES * 1024 * 1024
/** Ten megabytes take a second or two. */
const LONGEST_MS = 15_000

export type ReadingProblem = 'tooLarge' | 'unreadable' | 'slow'

/** Calendar files of the visitor, read in the browser; nothing of them leaves it. */
export interface Reader {
  entries: number
  unread: number
  /** @throws ReadingFailure */
  times: (span: OwnSpan) => Promise<Extract<Answer, { kind: 'times' }>>
  close: () => void
}

export class ReadingFailure extends Error {
  readonly problem: ReadingProblem

  constructor(problem: ReadingProblem) {
    super(problem)
    this.problem = problem
  }
}

/** @throws ReadingFailure */
export async function openReader(files: readonly File[]): Promise<Reader> {
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) throw new ReadingFailure('tooLarge')
  const texts = await Promise.all(files.map((file) => file.text()))
  const { address } = await import('./worker.ts')
  const worker = new Worker(address, { type: 'module' })
  let count = 0

  function ask(question: { texts: string[] } | { span: OwnSpan }): Promise<Answer> {
    count++
    const id = count
    return new Promise((resolve, reject) => {
      const done = new AbortController()
      const fail = (problem: ReadingProblem) => {
        done.abort()
        worker.terminate()
        reject(new ReadingFailure(problem))
      }
      const timer = setTimeout(() => fail('slow'), LONGEST_MS)
      done.signal.addEventListener('abort', () => clearTimeout(timer))
      const listen = { signal: done.signal }
      worker.addEventListener('error', () => fail('unreadable'), listen)
      worker.addEventListener(
        'message',
        ({ data }: MessageEvent<Answer>) => {
          if (data.id !== id) return
          done.abort()
          resolve(data)
        },
        listen,
      )
      worker.postMessage({ id, ...question } satisfies Question)
    })
  }

  const read = await ask({ texts })
  if (read.kind !== 'read') {
    worker.terminate()
    throw new ReadingFailure('unreadable')
  }
  return {
    ...{ entries: read.entries, unread: read.unread },
    async times(span) {
      const answer = await ask({ span })
      if (answer.kind !== 'times') throw new ReadingFailure('unreadable')
      return answer
    },
    close: () => worker.terminate(),
  }
}
