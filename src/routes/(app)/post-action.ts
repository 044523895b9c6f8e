import { deserialize } from '$app/forms'
import { refreshAll } from '$app/navigation'

type Outcome<T> = { ok: true; data: T } | { ok: false; problem: { code: string; details?: Record<string, unknown> } }

/**
 * Posts to a form action from a menu or a toast, where no form can stand, and shows what changed.
 * `T` is what the action returns.
 */
export async function postAction<T extends Record<string, unknown>>(
  action: string,
  fields: Record<string, string>,
): Promise<Outcome<T>> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  try {
    const response = await fetch(action, { method: 'POST', headers: { 'x-sveltekit-action': 'true' }, body })
    const result = deserialize<T, { code: string; details: Record<string, unknown> }>(await response.text())
    await refreshAll()
    if (result.type === 'success') return { ok: true, data: result.data as T }
    if (result.type === 'failure' && result.data) return { ok: false, problem: result.data }
    return { ok: false, problem: { code: 'unexpected' } }
  } catch (error) {
    // The network is gone: the browser says so with a TypeError. Everything else is a mistake of ours.
    if (error instanceof TypeError) return { ok: false, problem: { code: 'offline' } }
    throw error
  }
}
