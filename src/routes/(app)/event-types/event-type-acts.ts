import type { Step } from '#features/event-types/rules.ts'
import { useProblemText, useTranslate } from '#ui/i18n.ts'
import { toast } from '#ui/toasts.svelte.ts'
import { postAction } from '../post-action.ts'

const LIST = '/event-types'

/** What can be done with an event type from its row or menu, saying what came of it. Call it while a component is set up. */
export function useEventTypeActs() {
  const t = useTranslate()
  const problemText = useProblemText()

  async function act<T extends Record<string, unknown>>(
    name: string,
    fields: Record<string, string>,
  ): Promise<T | null> {
    const outcome = await postAction<T>(`${LIST}?/${name}`, fields)
    if (outcome.ok) return outcome.data
    toast(problemText(outcome.problem), 'danger')
    return null
  }

  async function restore(key: string, slug: string): Promise<void> {
    const restored = await act<{ id: number; slug: string }>('restore', { key })
    if (!restored) return
    const text =
      restored.slug === slug ? t('event-types.restored') : t('event-types.restoredElsewhere', { slug: restored.slug })
    toast(text, 'success')
  }

  return {
    async duplicate(id: number): Promise<number | null> {
      const copy = await act<{ id: number }>('duplicate', { id: String(id) })
      if (copy) toast(t('event-types.duplicated'), 'success')
      return copy?.id ?? null
    },
    async list(id: number, listed: boolean): Promise<void> {
      await act('hide', { id: String(id), hidden: String(!listed) })
    },
    async move(id: number, before: number | null): Promise<void> {
      await act('move', { id: String(id), before: before === null ? '' : String(before) })
    },
    /** Its new place, from 1 on; null when it did not move. */
    async step(id: number, to: Step): Promise<number | null> {
      const moved = await act<{ place: number }>('move', { id: String(id), to })
      return moved?.place ?? null
    },
    /** True once it is gone; the toast offers to take that back. */
    async remove({ id, slug }: { id: number; slug: string }): Promise<boolean> {
      const deleted = await act<{ title: string; key: string }>('delete', { id: String(id) })
      if (!deleted) return false
      const undo = { label: t('ui.undo'), run: () => void restore(deleted.key, slug) }
      toast(t('event-types.deleted', { title: deleted.title }), 'info', undo)
      return true
    },
  }
}
