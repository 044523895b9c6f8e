const PLACE = 'palette.recent'
const MOST = 5

/** Ids of the entries that were chosen in this browser, the latest first. Names of people are never among them. */
export function recentIds(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]')
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST) : []
  } catch {
    // No storage in this window, or something else is in its place: then nothing was recent.
    return []
  }
}

export function noteRecent(id: string): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify([id, ...recentIds().filter((one) => one !== id)].slice(0, MOST)))
  } catch {
    // A list for convenience is not worth an error.
  }
}
