import type { Pagination } from './operations.ts'

export interface Page<T> {
  data: T[]
  pagination: Pagination
}

type Query = Readonly<Record<string, unknown>>
type Load<T> = (query: Query) => Promise<Page<T>>

/**
 * A list that comes in pages. `await` it for one page, or run through all of it with `for await`: the next page is fetched when the one
 * before has been used up. Nothing is fetched before one of the two, and the first page once: call again for what has changed since.
 */
export class Pages<T> implements PromiseLike<Page<T>>, AsyncIterable<T> {
  readonly #load: Load<T>
  readonly #query: Query
  #first: Promise<Page<T>> | undefined

  constructor(load: Load<T>, query: Query) {
    this.#load = load
    this.#query = query
  }

  // biome-ignore lint/suspicious/noThenProperty: one page is what most callers wait for
  then<R = Page<T>, E = never>(
    fulfilled?: ((page: Page<T>) => R | PromiseLike<R>) | null,
    rejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    this.#first ??= this.#load(this.#query)
    return this.#first.then(fulfilled, rejected)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let page: Page<T> = await this.then((first) => first)
    for (;;) {
      yield* page.data
      const { nextCursor } = page.pagination
      if (nextCursor === null) return
      page = await this.#load({ ...this.#query, skip: undefined, cursor: nextCursor })
    }
  }
}
