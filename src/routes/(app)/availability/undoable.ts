import { useProblemText, useTranslate } from '#ui/i18n.ts'
import { toast } from '#ui/toasts.svelte.ts'
import { postAction } from '../post-action.ts'

/**
 * Deletes by the action `delete` of a page, and offers to take that back by its action `restore`. Call it while a component is set up.
 */
export function useUndoable(path: string) {
  const t = useTranslate()
  const problemText = useProblemText()

  async function act<T extends Record<string, unknown>>(name: string, fields: Record<string, string>) {
    const outcome = await postAction<T>(`${path}?/${name}`, fields)
    if (outcome.ok) return outcome.data
    toast(problemText(outcome.problem), 'danger')
    return null
  }

  return async (id: number, says: { deleted: string; restored: string }): Promise<void> => {
    const gone = await act<{ key: string }>('delete', { id: String(id) })
    if (!gone) return
    async function restore(key: string): Promise<void> {
      if (await act('restore', { key })) toast(says.restored, 'success')
    }
    toast(says.deleted, 'info', { label: t('ui.undo'), run: () => void restore(gone?.key ?? '') })
  }
}
