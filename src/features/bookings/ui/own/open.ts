import { mount } from 'svelte'
import type { Booker } from '../booker.svelte.ts'
import Compare from './Compare.svelte'

/** Puts what compares in the place of the button that was for it. */
export function openCompare(target: HTMLElement, booker: Booker): void {
  target.replaceChildren()
  mount(Compare, { target, props: { booker } })
}
