import { mount } from 'svelte'
import type { Booker } from '../booker.svelte.ts'
import Compare from './Compare.svelte'

/** Puts what compares in the place of the button that was for it. `focus`: somebody pressed that. */
export function openCompare(target: HTMLElement, booker: Booker, focus: boolean): void {
  target.replaceChildren()
  mount(Compare, { target, props: { booker, focus } })
}
