import type { DeletedSchedule } from '#features/schedules/commands.ts'
import { useProblemText, useTranslate } from '#ui/i18n.ts'
import { toast } from '#ui/toasts.svelte.ts'
import { postAction } from '../post-action.ts'

const LIST = '/availability'

/** What can be done with a schedule from its menu, saying what came of it. Call it while a component is set up. */
export function useScheduleActs() {
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

  async function restore(key: string): Promise<void> {
    if (await act('restore', { key })) toast(t('schedules.restored'), 'success')
  }

  return {
    async duplicate(id: number): Promise<number | null> {
      const copy = await act<{ id: number }>('duplicate', { id: String(id) })
      return copy?.id ?? null
    },
    async makeDefault(id: number, name: string): Promise<boolean> {
      const done = await act('makeDefault', { id: String(id) })
      if (done) toast(t('schedules.madeDefault', { name }), 'success')
      return done !== null
    },
    /** True once it is gone; the toast offers to take that back. */
    async remove(id: number): Promise<boolean> {
      const deleted = await act<DeletedSchedule & Record<string, unknown>>('delete', { id: String(id) })
      if (!deleted) return false
      const { name, affected, defaultName, key } = deleted
      const text =
        affected.length === 0
          ? t('schedules.deleted', { name })
          : t('schedules.deletedAffected', {
              ...{ name, defaultName, n: affected.length },
              titles: affected.map((use) => use.title).join(', '),
            })
      toast(text, 'info', { label: t('ui.undo'), run: () => void restore(key) })
      return true
    },
  }
}
