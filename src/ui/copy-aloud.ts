import { toast } from './toasts.svelte.ts'

/** Copies a text and says so with `done`; where the clipboard is closed, shows the text itself. */
export async function copyAloud(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(done, 'success')
  } catch {
    // Without permission or outside of https the clipboard is closed.
    toast(text)
  }
}
