import { tick } from 'svelte'
import { addDays } from '#ui/dates.ts'
import type { Booker } from './booker.svelte.ts'

interface Parts {
  /** Brings in the form before a time is chosen. */
  loadForm: () => Promise<void>
  /** Brings in weeks and lists before they are shown. */
  loadLayout: () => Promise<void>
  /** Puts the search in the place of the zone's name. */
  openZones: () => Promise<void>
  /** Says what a step has brought, to those who do not see it. */
  announce: () => void
}

const STEPS: Record<string, number> = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: -1, ArrowRight: 1 }

/**
 * Every step through the booker is a link; this makes those links act at once. Whatever fails on the way, the link still leads there.
 * @returns what stops it
 */
export function takeOver(root: HTMLElement, booker: Booker, parts: Parts): () => void {
  const listening = new AbortController()
  const { signal } = listening

  async function follow(link: HTMLAnchorElement): Promise<void> {
    const query = new URL(link.href).searchParams
    if (query.has('zones')) return parts.openZones()
    const before = booker.view.slot
    if (query.has('slot')) await parts.loadForm()
    if (booker.stateAt(link.href).layout !== 'month') await parts.loadLayout()
    await booker.go(link.href)
    await arrive(before)
  }

  /** Reading goes on where the step led: in the form, at the time it was left for, or where it was. */
  async function arrive(before: number | null): Promise<void> {
    const { slot } = booker.view
    if (slot !== before) return focus(slot === null ? `[data-start="${before}"]` : 'h2')
    parts.announce()
    // The link that was followed may be gone, such as the last month back.
    if (!root.contains(document.activeElement)) await focus('[data-date]')
  }

  /** Arrows walk over the days that have times; each is a link of its own, so the tabulator reaches them too. */
  async function walk(from: string, step: number): Promise<void> {
    const { month } = booker.view
    for (let date = addDays(from, step); date.startsWith(month); date = addDays(date, step)) {
      if (booker.days.has(date)) return focus(`[data-date="${date}"]`)
    }
    const other = step < 0 ? booker.previousMonth : booker.nextMonth
    if (!other) return
    await booker.go(booker.address({ month: other, date: null }))
    const dates = [...booker.days.keys()]
    await focus(`[data-date="${step < 0 ? dates.at(-1) : dates[0]}"]`)
    parts.announce()
  }

  /** After going back or forth in the browser's history. */
  async function comeBack(): Promise<void> {
    const before = booker.view.slot
    if (new URL(location.href).searchParams.has('slot')) await parts.loadForm()
    if (booker.stateAt(location.href).layout !== 'month') await parts.loadLayout()
    await booker.follow()
    await arrive(before)
  }

  async function focus(selector: string): Promise<void> {
    await tick()
    const target = root.querySelector<HTMLElement>(selector)
    target?.focus()
    target?.scrollIntoView({ block: 'nearest' })
  }

  root.addEventListener(
    'click',
    (event) => {
      const link = linkOf(event)
      if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      follow(link).catch(() => location.assign(link.href))
    },
    { signal },
  )
  root.addEventListener(
    'keydown',
    (event) => {
      const date = linkOf(event)?.dataset.date
      const step = STEPS[event.key]
      if (!date || !step || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      const mirrored = Math.abs(step) === 1 && getComputedStyle(root).direction === 'rtl'
      void walk(date, mirrored ? -step : step)
    },
    { signal },
  )
  for (const type of ['pointerover', 'focusin'] as const) {
    root.addEventListener(
      type,
      (event) => {
        const link = linkOf(event)
        if (!link) return
        booker.prefetch(link.href)
        // Only to have it early: a failure shows, and is answered, when it is needed.
        if (link.dataset.start) parts.loadForm().catch(() => undefined)
      },
      { signal },
    )
  }
  addEventListener('popstate', () => void comeBack().catch(() => location.reload()), { signal })
  // A page out of the back/forward cache shows times as they were when it was left.
  addEventListener('pageshow', (event) => event.persisted && location.reload(), { signal })
  return () => listening.abort()
}

function linkOf({ target }: Event): HTMLAnchorElement | null {
  return (target as Element).closest('a')
}
