import type { Locale } from '#platform/i18n/locale.ts'
import { type MessageKey, translatorFor } from '#platform/i18n/messages.ts'
import type { HolidaySet } from '../types.ts'

/**
 * Which calendars are exact. The islamic one is that of Umm al-Qura; where the moon is looked for, a day may begin earlier or later.
 * Days that begin at sunset are off on the date that follows. Purim is not among them: in leap years the package takes the wrong Adar.
 */
const DAYS: Record<HolidaySet, Record<string, string>> = {
  christian: {
    '01-06': 'epiphany',
    'easter -3': 'maundy_thursday',
    'easter -2': 'good_friday',
    easter: 'easter',
    'easter 1': 'easter_monday',
    'easter 39': 'ascension',
    'easter 49': 'pentecost',
    'easter 50': 'whit_monday',
    'easter 60': 'corpus_christi',
    '08-15': 'assumption',
    '11-01': 'all_saints',
    '12-25': 'christmas',
    '12-26': 'second_christmas',
  },
  orthodox: {
    'julian 12-25': 'christmas',
    'julian 01-06': 'theophany',
    'orthodox -2': 'good_friday',
    orthodox: 'easter',
    'orthodox 1': 'easter_monday',
    'orthodox 39': 'ascension',
    'orthodox 49': 'pentecost',
    'julian 08-15': 'dormition',
  },
  jewish: {
    '15 Nisan P2D': 'passover',
    '21 Nisan P2D': 'passover_end',
    '6 Sivan P2D': 'shavuot',
    '9 Av': 'tisha_beav',
    '1 Tishrei P2D': 'rosh_hashanah',
    '10 Tishrei': 'yom_kippur',
    '15 Tishrei P2D': 'sukkot',
    '22 Tishrei P2D': 'shemini_atzeret',
  },
  islamic: {
    '1 Muharram': 'new_year',
    '12 Rabi al-awwal': 'mawlid',
    '1 Shawwal P3D': 'eid_al_fitr',
    '9 Dhu al-Hijjah': 'arafah',
    '10 Dhu al-Hijjah P4D': 'eid_al_adha',
  },
  lunar: {
    'chinese 1-0-01 P3D': 'new_year',
    'chinese 5-01 solarterm': 'tomb_sweeping',
    'chinese 5-0-05': 'dragon_boat',
    'chinese 8-0-15': 'mid_autumn',
  },
  persian: { 'march equinox in Asia/Tehran P4D': 'nowruz' },
}

/** Rules of `date-holidays` and what each day is called. */
export function daysOf(set: HolidaySet, locale: Locale): (readonly [rule: string, name: string])[] {
  const t = translatorFor(locale)
  return Object.entries(DAYS[set]).map(([rule, name]) => [
    rule,
    t(`schedules.holidays.day.${set}.${name}` as MessageKey),
  ])
}
