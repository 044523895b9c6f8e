import { requireSession } from '#app/session.ts'
import { cursorOf, cursorText } from '#features/accounts/audit/schema.ts'
import type { Activity } from '#features/accounts/audit/types.ts'
import { ORIGIN_DAYS } from '#features/accounts/sessions/rules.ts'
import { translatorFor } from '#platform/i18n/messages.ts'
import { formatShort } from '#ui/dates.ts'
import { sentenceOf, viaOf } from '../../activity-words.ts'
import type { PageServerLoad } from './$types'
import { logOf } from './log.ts'
import { subjectsOf } from './subjects.ts'

const PAGE = 50

export const load: PageServerLoad = async ({ locals, url }) => {
  const { ctx } = locals
  const { id: readerId, timeZone, hourCycle, role } = requireSession(locals).account
  const { all, filters, read } = logOf(locals, url.searchParams)
  const after = cursorOf(url.searchParams)
  const { entries, next } = await read({ after, size: PAGE })
  const subjects = await subjectsOf(ctx, entries)
  const t = translatorFor(ctx.locale)
  const style = { locale: ctx.locale, timeZone, hourCycle }
  const kept = Object.entries({ log: all ? 'all' : null, ...filters }).filter(
    (pair): pair is [string, string] => !!pair[1],
  )
  const query = new URLSearchParams(kept)
  return {
    entries: entries.map((one) => {
      const subject = subjects.get(`${one.noun}:${one.subjectId}`)
      return {
        text: sentenceOf(t, one, { readerId, title: subject?.title, style }),
        href: subject?.href ?? null,
        via: viaOf(t, one),
        owner: isTold(one, readerId) ? (one.owner?.name ?? null) : null,
        origin: one.origin,
        refused: one.name === 'session.refused',
        at: one.at,
        when: formatShort(Date.parse(one.at), style),
      }
    }),
    ...{ all, filters, readsAll: role !== 'member', continued: after !== null, originDays: ORIGIN_DAYS },
    query: query.toString(),
    narrowed: kept.some(([name]) => name !== 'log'),
    next: next && `?${new URLSearchParams([...kept, ['after', cursorText(next)]])}`,
  }
}

/** Whose matter it is need not be said of one's own, nor where whoever did it did it to themselves. */
function isTold({ owner, actor }: Activity, readerId: number): boolean {
  return owner !== null && owner.id !== readerId && owner.id !== actor.id
}
