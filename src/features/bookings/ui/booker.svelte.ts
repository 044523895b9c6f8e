import { addMonths, localDateOf } from '#ui/dates.ts'
import {
  addressOf,
  type BookerProps,
  type BookerState,
  type BookingValues,
  decodeStarts,
  groupByDate,
  type MonthSlots,
  stateOf,
  weekOf,
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
  view = $state.raw() as BookerState
  failed = $state(false)
  /** The visitor's own calendar, while they compare: what keeps them at a start, and whether those starts are left out. */
  own = $state.raw<{ only: boolean; at: (start: number) => string | null } | null>(null)
  /** What has been typed; it survives going back to the calendar. */
  values: BookingValues
  #loaded = $state.raw() as Record<string, MonthSlots>
  #zoneInAddress: boolean
  readonly #pending = new Map<string, Promise<void>>()

  readonly slots = $derived.by(() => this.#loaded[keyOf(this.view)])
  readonly days = $derived.by(() => this.daysOf(this.view.month))
  readonly today = $derived.by(() => localDateOf(this.page.now, this.view.timeZone))
  readonly date = $derived.by(() => this.view.date ?? [...this.days.keys()][0] ?? null)
  readonly starts = $derived.by(() => (this.date && this.days.get(this.date)) || [])
  readonly previousMonth = $derived.by(() =>
    this.view.month > this.today.slice(0, 7) ? addMonths(this.view.month, -1) : null,
  )
  readonly nextMonth = $derived.by(() => {
    const next = addMonths(this.view.month, 1)
    return next <= addMonths(this.today.slice(0, 7), HORIZON_MONTHS) ? next : null
  })

  constructor(page: BookerProps) {
    this.page = page
    this.view = page.state
    this.values = page.values
    this.#loaded = { [keyOf(page.state)]: page.slots }
    if (page.beside) this.#loaded[keyOf({ ...page.state, month: page.beside.month })] = page.beside.slots
    this.#zoneInAddress = page.zoneInAddress
  }

  /** How dates and times are written here. */
  get style() {
    return { locale: this.page.locale, timeZone: this.view.timeZone, hourCycle: this.view.hourCycle }
  }

  /** The days of a month that have times, as far as they are known. */
  daysOf(month: string): Map<string, number[]> {
    const slots = this.#loaded[keyOf({ ...this.view, month })]
    if (!slots) return new Map()
    const { own } = this
    const starts = decodeStarts(slots.starts)
    return groupByDate(own?.only ? starts.filter((start) => !own.at(start)) : starts, this.view.timeZone, month)
  }

  /** What is known of the month that a start lies in: a week may reach into another than the one that is shown. */
  #monthOf(start: number): MonthSlots | undefined {
    return this.#loaded[keyOf({ ...this.view, month: localDateOf(start, this.view.timeZone).slice(0, 7) })]
  }

  /** Seats left at a start, where that is told. */
  seatsLeft(start: number): number | null {
    const { seats } = this.page
    return seats?.shown ? (this.#monthOf(start)?.left?.[start / 60_000] ?? seats.count) : null
  }

  /** Whether the host prefers a start. */
  isPreferred(start: number): boolean {
    return decodeStarts(this.#monthOf(start)?.preferred ?? []).includes(start)
  }

  /** Starts of a day: those that are shown, and those that show when they are asked for. */
  inTurn(starts: number[]): [number[], number[]] {
    const first = this.page.preferred === 'first' ? starts.filter((start) => this.isPreferred(start)) : []
    return first.length > 0 ? [first, starts.filter((start) => !first.includes(start))] : [starts, []]
  }

  /** The address of this state with some of it changed. */
  address(change: Partial<BookerState> = {}, more?: Record<string, string>): string {
    const page = { ...this.page, zoneInAddress: this.#zoneInAddress }
    return addressOf(page, { ...this.view, date: this.date, ...change }, more)
  }

  /** What a link of this page shows. */
  stateAt(address: string): BookerState {
    return stateOf(address, this.view, this.page)
  }

  /** Goes where a link of this page leads, without leaving it. Answers when its times are there, or cannot be had. */
  async go(address: string): Promise<void> {
    const next = this.stateAt(address)
    const anotherWeek = next.layout === 'week' && next.date !== this.view.date
    const isStep = anotherWeek || next.month !== this.view.month || next.slot !== this.view.slot
    if (next.hourCycle !== this.view.hourCycle) remember('clock', next.hourCycle)
    this.view = next
    history[isStep ? 'pushState' : 'replaceState'](null, '', this.address())
    await this.load()
  }

  /** Shows what the address bar says, after going back or forth in the browser's history. */
  async follow(): Promise<void> {
    this.view = this.stateAt(location.href)
    await this.load()
  }

  /** The browser knows where the visitor is; a guess of the server gives way. */
  async settleZone(): Promise<void> {
    if (!this.page.zoneGuessed) return
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    remember('zone', zone)
    if (zone !== this.view.timeZone) await this.#moveToZone(zone)
  }

  async chooseZone(timeZone: string): Promise<void> {
    remember('cal.tz', timeZone)
    this.#zoneInAddress = true
    await this.#moveToZone(timeZone)
    history.replaceState(null, '', this.address())
  }

  /** Fetches what a link will ask for, when the pointer or the focus comes near. */
  prefetch(address: string): void {
    void this.#fetch(this.stateAt(address))
  }

  async load(): Promise<void> {
    const wanted = this.view
    this.failed = false
    await this.#fetch(wanted)
    if (wanted.layout === 'week' && wanted.slot === null) await this.#fetchBeside(wanted)
    this.failed = keyOf(wanted) === keyOf(this.view) && this.slots === undefined
  }

  /** A week may reach into another month. */
  async #fetchBeside(state: BookerState): Promise<void> {
    const week = weekOf(state.date ?? this.date ?? `${state.month}-01`, this.page.weekStart)
    for (const date of [week[0], week[6]]) {
      const month = date?.slice(0, 7) ?? state.month
      if (month >= this.today.slice(0, 7)) await this.#fetch({ ...state, month })
    }
  }

  /** The same moments under the dates of another zone: the chosen day goes where its first time goes. */
  async #moveToZone(timeZone: string): Promise<void> {
    const first = this.view.slot ?? (this.view.date ? this.starts[0] : undefined)
    const date = first === undefined ? this.view.date : localDateOf(first, timeZone)
    this.view = { ...this.view, timeZone, date, month: date?.slice(0, 7) ?? this.view.month }
    await this.load()
  }

  #fetch(state: BookerState): Promise<void> {
    const key = keyOf(state)
    if (this.#loaded[key]) return Promise.resolve()
    const pending = this.#pending.get(key) ?? this.#request(key, state)
    this.#pending.set(key, pending)
    return pending
  }

  async #request(key: string, { month, duration, timeZone }: BookerState): Promise<void> {
    const query = new URLSearchParams({ month, duration: String(duration), 'cal.tz': timeZone })
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
