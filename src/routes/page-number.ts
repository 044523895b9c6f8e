const PAGE = 50
/** Further than any list goes that has pages by number. */
const MOST_PAGES = 10_000

/** The page of an address, from 1 on, and what a listing of it asks for; what is none is the first. */
export function pageOf(url: URL): { page: number; skip: number; take: number } {
  const number = Number(/^[1-9]\d{0,4}$/.exec(url.searchParams.get('page') ?? '')?.[0] ?? 1)
  const page = Math.min(number, MOST_PAGES)
  return { page, skip: (page - 1) * PAGE, take: PAGE }
}

/** Words that are searched for, as `q` of an address. */
export function wordsOf(url: URL): string {
  return (url.searchParams.get('q') ?? '').replace(/\p{C}/gu, ' ').trim().slice(0, 200)
}

/** Addresses of the pages before and behind one; null where there is none. */
export function pagesAround(page: number, words: string, hasNext: boolean) {
  const href = (n: number) => {
    const query = new URLSearchParams({ ...(words && { q: words }), ...(n > 1 && { page: String(n) }) })
    return `?${query}`
  }
  return { previous: page > 1 ? href(page - 1) : null, next: hasNext ? href(page + 1) : null }
}
