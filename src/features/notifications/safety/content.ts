import { isLocale } from '#platform/i18n/locale.ts'
import { type Translate, translatorFor } from '#platform/i18n/messages.ts'
import type { happening } from '../../accounts/origins/queries.ts'
import type { Content, Row } from '../content.ts'
import { unlinked } from '../markup.ts'

export type Happening = NonNullable<Awaited<ReturnType<typeof happening>>>

/** Texts of what is told, by name of the event. */
const TEXTS = {
  'account.password_changed': 'password_changed',
  'account.password_reset': 'password_reset',
  'account.second_factor_enabled': 'step_on',
  'account.second_factor_disabled': 'step_off',
  'account.backup_codes_renewed': 'codes_renewed',
  'account.backup_code_used': 'code_used',
  'api_key.created': 'key_created',
  'account.email_verified': 'email_added',
} as const

/** What happened, when, from what, and what to do for whoever it was not. */
export function safetyContent(told: Happening, url: URL): Content {
  if (!(told.name in TEXTS)) throw new Error(`no mail tells of ${told.name}`)
  const text = TEXTS[told.name as keyof typeof TEXTS]
  const t = translatorFor(isLocale(told.locale) ? told.locale : 'en')
  const site = url.host
  const title = t(`mail.safety.${text}.title`)
  return {
    subject: t('mail.safety.subject', { title, site }),
    title,
    lead: `${t(`mail.safety.${text}.lead`, { by: told.by, site })} ${t('mail.safety.advice')}`,
    rows: [
      ...(told.key === null ? [] : [{ label: t('mail.safety.row.key'), lines: [unlinked(told.key)] }]),
      ...(told.address === null ? [] : [{ label: t('mail.safety.row.address'), lines: [told.address] }]),
      ...originRows(told, t),
    ],
    action: { text: t('mail.safety.action'), href: new URL('/auth/forgot', url).href },
    links: [{ text: t('mail.safety.devices'), href: new URL('/settings/security', url).href }],
    footer: t('mail.footer.notice', { site }),
  }
}

/** When, and from what. Programs and the command line have no browser; of some devices only a part is known. */
export function originRows({ at, by, device, locale, timeZone, hourCycle }: Happening, t: Translate): Row[] {
  const when = new Intl.DateTimeFormat(isLocale(locale) ? locale : 'en', {
    ...{ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', hourCycle, timeZone, timeZoneName: 'short' },
  }).format(at.epochMilliseconds)
  const { browser, system } = device
  const named = browser && system ? t('mail.safety.device', { browser, system }) : (browser ?? system)
  const from = by === 'person' ? (named ?? t('mail.safety.device_unknown')) : t(`mail.safety.by.${by}`)
  return [
    { label: t('mail.row.when'), lines: [when] },
    { label: t('mail.safety.row.from'), lines: [from] },
  ]
}
