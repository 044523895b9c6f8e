import { tick } from 'svelte'
import { addMonths, type HourCycle, localDateOf } from '#ui/dates.ts'
import {
  addressOf,
  type BookerProps,
  type BookerState,
  type BookingValues,
  decodeStarts,
  groupByDate,
  type MonthSlots,
} from './booker.ts'

/** A year is long; the cookies only save the next visit a guess. */
const COOKIE_SECONDS = 31_536_000
/** As far ahead as the server computes. */
const HORIZON_MONTHS = 36

/** The state of the page and what can be done to it, shared by its parts. */
export class Booker {
  readonly page: BookerProps
  /** JavaScript runs: what is a link otherwise acts at once. */
  live = $state(false)
  view = $state() as BookerState
  /** What has been typed; it survives going back to the calendar. */
  values = $state() as BookingValues
  /** What screen readers are told. */
  announcement = $state('')
  failed = $state(false)
  #loaded = $state.raw() as Record<string, MonthSlots>
  #zoneInAddress = $state() as boolean
  readonly #pending = new Map<string, Promise<void>>()

  readonly slots = $derived.by(() => this.#loaded[keyOf(this.view)])
  readonly days = $derived.by(() =>
    this.slots
      ? groupByDate(decodeStarts(this.slots.starts), this.view.timeZone, this.view.month)
      : new Map<string, number[]>(),
  )
  readonly today = $derived.by(() => localDateOf(this.page.now, this.view.timeZone))
  readonly date = $derived.by(() => this.view.date ?? [...this.days.keys()][0] ?? null)
  readonly starts = $derived.by(() => (this.date && this.days.get(this.date)) || [])
  readonly style = $derived.by(() => ({
    locale: this.page.locale,
    timeZone: this.view.timeZone,
    hourCycle: this.view.hourCycle,
  }))
  readonly previousMonth = $derived.by(() =>
    this.view.month > this.today.slice(0, 7) ? addMonths(this.view.month, -1) : null,
  )
  readonly nextMonth = $derived.by(() => {
    const next = addMonths(this.view.month, 1)
    return next <= addMonths(this.today.slice(0, 7), HORIZON_MONTHS) ? next : null
  })

  constructor(page: BookerProps) {
    this.page = page
    this.view = { ...page.state }
    this.values = { ...page.values, guests: [...page.values.guests] }
    this.#loaded = { [keyOf(page.state)]: page.slots }
    this.#zoneInAddress = page.zoneInAddress
  }

  /** The address of this state with some of it changed. */
  address(change: Partial<BookerState> = {}, more?: Record<string, string>): string {
    return addressOf(
      { ...this.page, zoneInAddress: this.#zoneInAddress },
      { ...this.view, date: this.date, ...change },
      more,
    )
  }

  /** Takes the page over in the browser. */
  start(): () => void {
    this.live = true
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    if (this.page.zoneGuessed && zone && zone !== this.view.timeZone) this.#moveToZone(zone)
    if (this.page.zoneGuessed && zone) remember('cal.tz', zone)
    history.replaceState({ ...this.view }, '')
    const restore = ({ state }: PopStateEvent) => {
      if (!state) return location.reload()
      this.view = state as BookerState
      void this.#load(this.view)
    }
    addEventListener('popstate', restore)
    return () => removeEventListener('popstate', restore)
  }

  async goToMonth(month: string, date: string | null = null): Promise<void> {
    this.#change({ month, date, slot: null }, 'push')
    await this.#load(this.view)
  }

  goToDate(date: string): void {
    this.#change({ date, slot: null }, 'replace')
  }

  goToStart(start: number): Promise<void> {
    const date = localDateOf(start, this.view.timeZone)
    return this.goToMonth(date.slice(0, 7), date)
  }

  chooseSlot(slot: number | null): void {
    const date = slot === null ? this.date : localDateOf(slot, this.view.timeZone)
    this.#change({ slot, date, month: date?.slice(0, 7) ?? this.view.month }, 'push')
    void this.#load(this.view)
  }

  async chooseDuration(duration: number): Promise<void> {
    this.#change({ duration, slot: null }, 'replace')
    await this.#load(this.view)
  }

  chooseZone(timeZone: string): void {
    remember('cal.tz', timeZone)
    this.#zoneInAddress = true
    this.#moveToZone(timeZone)
    this.#change({}, 'replace')
  }

  chooseHourCycle(hourCycle: HourCycle): void {
    remember('clock', hourCycle)
    this.#change({ hourCycle }, 'replace')
  }

  /** Fetches what will probably be asked for, when the pointer or the focus comes near. */
  prefetch(change: Partial<BookerState>): void {
    if (this.live) void this.#fetch({ ...this.view, ...change })
  }

  async retry(): Promise<void> {
    await this.#load(this.view)
  }

  async announce(text: string): Promise<void> {
    await tick()
    this.announcement = text
  }

  /** The same moments under the dates of another zone: the chosen day goes where its first time goes. */
  #moveToZone(timeZone: string): void {
    const first = this.view.slot ?? (this.view.date ? this.starts[0] : undefined)
    this.view.timeZone = timeZone
    if (first === undefined) return
    const date = localDateOf(first, timeZone)
    this.view.date = date
    this.view.month = date.slice(0, 7)
    void this.#load(this.view)
  }

  #change(change: Partial<BookerState>, how: 'push' | 'replace'): void {
    this.view = { ...this.view, ...change }
    const state = { ...this.view }
    if (how === 'push') history.pushState(state, '', this.address())
    else history.replaceState(state, '', this.address())
  }

  async #load(state: BookerState): Promise<void> {
    this.failed = false
    await this.#fetch(state)
    this.failed = keyOf(state) === keyOf(this.view) && this.slots === undefined
  }

  #fetch(state: BookerState): Promise<void> {
    const key = keyOf(state)
    if (this.#loaded[key]) return Promise.resolve()
    const pending = this.#pending.get(key) ?? this.#request(key, state)
    this.#pending.set(key, pending)
    return pending
  }

  async #request(key: string, { month, duration }: BookerState): Promise<void> {
    const query = new URLSearchParams({ month, duration: String(duration) })
    // Without an answer the month stays unknown, and the page offers to try again.
    const answer = await fetch(`${this.page.path}/slots?${query}`).catch(() => null)
    if (answer?.ok) this.#loaded = { ...this.#loaded, [key]: (await answer.json()) as MonthSlots }
    this.#pending.delete(key)
  }
}

function keyOf({ month, duration }: Pick<BookerState, 'month' | 'duration'>): string {
  return `${duration}/${month}`
}

function remember(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it on the next visit; the Cookie Store API is not everywhere.
  document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${COOKIE_SECONDS};samesite=lax`
}
