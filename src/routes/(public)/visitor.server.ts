import type { Cookies } from '@sveltejs/kit'
import { habitsOf } from '#features/accounts/rules.ts'
import type { HourCycle } from '#ui/dates.ts'

interface VisitorHabits {
  /** For Intl: the language of the page, with the visitor's region when it is one of that language (`en-GB`). */
  locale: string
  hourCycle: HourCycle
  /** 0 = Sunday. */
  weekStart: number
}

/** How this visitor reads times: what was chosen here before, else what is usual where the browser says it is. */
export function habitsOfVisitor(language: string, acceptLanguage: string | null, cookies: Cookies): VisitorHabits {
  const chosen = cookies.get('clock')
  const { hourCycle, weekStart } = habitsOf(acceptLanguage)
  return {
    locale: regional(language, acceptLanguage),
    hourCycle: chosen === 'h12' || chosen === 'h23' ? chosen : hourCycle,
    weekStart,
  }
}

function regional(language: string, acceptLanguage: string | null): string {
  const tags = (acceptLanguage ?? '').slice(0, 200).split(',')
  const tag = tags.map((part) => part.split(';')[0]?.trim() ?? '').find((one) => one.startsWith(`${language}-`))
  return tag && Intl.DateTimeFormat.supportedLocalesOf(/^[\w-]{2,35}$/.test(tag) ? tag : []).length > 0 ? tag : language
}
