import { hydrate } from 'svelte'
import Booker from './Booker.svelte'
import type { BookerProps } from './booker.ts'

/** Takes over the booker that the server rendered; both get the same properties. */
const target = document.getElementById('booker')
const data = document.getElementById('booker-props')
if (target && data) hydrate(Booker, { target, props: JSON.parse(data.textContent ?? '') as BookerProps })
