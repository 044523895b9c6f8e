export interface Toast {
  id: number
  text: string
  tone: 'info' | 'success' | 'danger'
  /** What can be done about it, such as taking it back. */
  action?: { label: string; run: () => void }
}

/** Long enough to read twice; hovering or focusing keeps one longer. */
const SHOWN_MS = 6_000
/** Time to think, find the button and press it. */
const SHOWN_WITH_ACTION_MS = 20_000

let last = 0
const shown = $state<Toast[]>([])

/** What `Toasts.svelte` shows. */
export const toasts: readonly Toast[] = shown

/** Says something in passing, on screen and to screen readers. Nothing that must be read belongs here. */
export function toast(text: string, tone: Toast['tone'] = 'info', action?: Toast['action']): void {
  last += 1
  shown.push({ id: last, text, tone, action })
}

export function dismissToast(id: number): void {
  const at = shown.findIndex((one) => one.id === id)
  if (at >= 0) shown.splice(at, 1)
}

/** Starts the clock of one toast; call the result to stop it. */
export function expireToast({ id, action }: Toast): () => void {
  const timer = setTimeout(() => dismissToast(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS)
  return () => clearTimeout(timer)
}
