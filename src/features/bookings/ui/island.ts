import { hydrate } from 'svelte'
import Booker from './Booker.svelte'
import type { BookerProps } from './booker.ts'
import type { LaterParts } from './later.ts'

const loadForm = async () => (await import('./BookingForm.svelte')).default
const loadLaidOut = async () => (await import('./LaidOut.svelte')).default
const loadZoneSearch = async () => (await import('./ZoneSearch.svelte')).default

/** Takes over the booker that the server rendered; both get the same properties. */
async function start(): Promise<void> {
  const target = document.getElementById('booker')
  const data = document.getElementById('booker-props')
  if (!target || !data) return
  const page = JSON.parse(data.textContent ?? '') as BookerProps
  const later: LaterParts = {
    Form: page.state.slot === null ? null : await loadForm(),
    LaidOut: page.state.layout === 'month' ? null : await loadLaidOut(),
    ZoneSearch: page.choosingZone ? await loadZoneSearch() : null,
    loadForm,
    loadLaidOut,
    loadZoneSearch,
  }
  const { booker } = hydrate(Booker, { target, props: { page, later } })
  const own = document.getElementById('own-calendar')
  const compare = async (asked?: Event) => own && (await import('./own/open.ts')).openCompare(own, booker, !!asked)
  own?.firstElementChild?.addEventListener('click', compare)
  if (own?.dataset.open) void compare()
}

// Not awaited: the form's file imports this one and would wait for it for ever.
void start()
