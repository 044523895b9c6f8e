export interface Toast {
  id: number
  text: string
  tone: 'info' | 'success' | 'danger'
}

/** Long enough to read twice; hovering or focusing keeps one longer. */
const SHOWN_MS = 6_000

let last = 0
const shown = $state<Toast[]>([])

/** What `Toasts.svelte` shows. */
export const toasts: readonly Toast[] = shown

/** Says something in passing, on screen and to screen readers. Nothing that must be read belongs here. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  last += 1
  shown.push({ id: last, text, tone })
}

export function dismissToast(id: number): void {
  const at = shown.findIndex((one) => one.id === id)
  if (at >= 0) shown.splice(at, 1)
}

/** Starts the clock of one toast; call the result to stop it. */
export function expireToast(id: number): () => void {
  const timer = setTimeout(() => dismissToast(id), SHOWN_MS)
  return () => clearTimeout(timer)
}
