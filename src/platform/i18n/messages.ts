import { formatMessage, type MessageValues } from './format.ts'
import type { Locale } from './locale.ts'
import deAccess from './messages/de/access.json' with { type: 'json' }
import deAccount from './messages/de/account.json' with { type: 'json' }
import deAnswer from './messages/de/answer.json' with { type: 'json' }
import deAudit from './messages/de/audit.json' with { type: 'json' }
import deBooker from './messages/de/booker.json' with { type: 'json' }
import deBookings from './messages/de/bookings.json' with { type: 'json' }
import deErrors from './messages/de/errors.json' with { type: 'json' }
import deEventTypes from './messages/de/event-types.json' with { type: 'json' }
import deFeeds from './messages/de/feeds.json' with { type: 'json' }
import deHome from './messages/de/home.json' with { type: 'json' }
import deMail from './messages/de/mail.json' with { type: 'json' }
import deMyBookings from './messages/de/my-bookings.json' with { type: 'json' }
import deOffline from './messages/de/offline.json' with { type: 'json' }
import dePalette from './messages/de/palette.json' with { type: 'json' }
import dePrivacy from './messages/de/privacy.json' with { type: 'json' }
import dePublic from './messages/de/public.json' with { type: 'json' }
import deSchedules from './messages/de/schedules.json' with { type: 'json' }
import deSettings from './messages/de/settings.json' with { type: 'json' }
import deStart from './messages/de/start.json' with { type: 'json' }
import deUi from './messages/de/ui.json' with { type: 'json' }
import deWebhooks from './messages/de/webhooks.json' with { type: 'json' }
import enAccess from './messages/en/access.json' with { type: 'json' }
import enAccount from './messages/en/account.json' with { type: 'json' }
import enAnswer from './messages/en/answer.json' with { type: 'json' }
import enAudit from './messages/en/audit.json' with { type: 'json' }
import enBooker from './messages/en/booker.json' with { type: 'json' }
import enBookings from './messages/en/bookings.json' with { type: 'json' }
import enErrors from './messages/en/errors.json' with { type: 'json' }
import enEventTypes from './messages/en/event-types.json' with { type: 'json' }
import enFeeds from './messages/en/feeds.json' with { type: 'json' }
import enHome from './messages/en/home.json' with { type: 'json' }
import enMail from './messages/en/mail.json' with { type: 'json' }
import enMyBookings from './messages/en/my-bookings.json' with { type: 'json' }
import enOffline from './messages/en/offline.json' with { type: 'json' }
import enPalette from './messages/en/palette.json' with { type: 'json' }
import enPrivacy from './messages/en/privacy.json' with { type: 'json' }
import enPublic from './messages/en/public.json' with { type: 'json' }
import enSchedules from './messages/en/schedules.json' with { type: 'json' }
import enSettings from './messages/en/settings.json' with { type: 'json' }
import enStart from './messages/en/start.json' with { type: 'json' }
import enUi from './messages/en/ui.json' with { type: 'json' }
import enWebhooks from './messages/en/webhooks.json' with { type: 'json' }

const AREAS = {
  ui: { en: enUi, de: deUi },
  errors: { en: enErrors, de: deErrors },
  public: { en: enPublic, de: dePublic },
  booker: { en: enBooker, de: deBooker },
  home: { en: enHome, de: deHome },
  start: { en: enStart, de: deStart },
  access: { en: enAccess, de: deAccess },
  account: { en: enAccount, de: deAccount },
  settings: { en: enSettings, de: deSettings },
  audit: { en: enAudit, de: deAudit },
  schedules: { en: enSchedules, de: deSchedules },
  'event-types': { en: enEventTypes, de: deEventTypes },
  bookings: { en: enBookings, de: deBookings },
  mail: { en: enMail, de: deMail },
  webhooks: { en: enWebhooks, de: deWebhooks },
  'my-bookings': { en: enMyBookings, de: deMyBookings },
  answer: { en: enAnswer, de: deAnswer },
  feeds: { en: enFeeds, de: deFeeds },
  offline: { en: enOffline, de: deOffline },
  palette: { en: enPalette, de: dePalette },
  privacy: { en: enPrivacy, de: dePrivacy },
} satisfies Record<string, Record<Locale, Record<string, string>>>

export type MessageArea = keyof typeof AREAS

export type MessageKey = {
  [A in MessageArea]: `${A}.${keyof (typeof AREAS)[A]['en'] & string}`
}[MessageArea]

export type Translate = (key: MessageKey, values?: MessageValues) => string

const selections = new Map<string, Readonly<Record<string, string>>>()

/**
 * The texts of some areas in one language, keyed `area.key`, as plain data for a page. English stands in for what is missing. Made once
 * for each choice of areas, so not to be changed.
 */
export function messagesOf(locale: Locale, areas: readonly MessageArea[]): Readonly<Record<string, string>> {
  const key = `${locale} ${areas.join(' ')}`
  const known = selections.get(key)
  if (known) return known
  const texts: Record<string, string> = {}
  for (const area of areas) {
    const all = Object.entries({ ...AREAS[area].en, ...AREAS[area][locale] })
    for (const [name, text] of all) texts[`${area}.${name}`] = text
  }
  selections.set(key, Object.freeze(texts))
  return texts
}

const ALL = Object.keys(AREAS) as MessageArea[]

/** For the server, which has every text at hand. Pages get `messagesOf` their areas and translate with `src/ui/i18n.ts`. */
export function translatorFor(locale: Locale): Translate {
  const texts = messagesOf(locale, ALL)
  return (key, values) => formatMessage(texts[key] ?? key, locale, values)
}
