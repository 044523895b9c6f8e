import { cityOf, isTimeZone, offsetOf, zoneName } from './dates.ts'

/** One line of the chooser. */
export interface ZoneOption {
  /** IANA name. */
  id: string
  city: string
  /** What stands before the city: `Europe`, `America / Argentina`. */
  region: string
  /** `GMT+1` */
  offset: string
}

/** Big cities that have no zone of their own, so that whoever lives there finds theirs. */
const ELSEWHERE: Record<string, string> = {
  'America/Los_Angeles': 'San Francisco Seattle San Diego Las Vegas Portland',
  'America/Denver': 'Salt Lake City Albuquerque',
  'America/Chicago': 'Dallas Houston Austin Minneapolis New Orleans',
  'America/New_York': 'Boston Washington Philadelphia Atlanta Miami',
  'America/Toronto': 'Montreal Ottawa',
  'America/Sao_Paulo': 'Rio de Janeiro Brasilia',
  'Europe/Berlin': 'Hamburg Munich München Cologne Köln Frankfurt',
  'Europe/Rome': 'Milan Milano Naples Turin',
  'Europe/Madrid': 'Barcelona Valencia',
  'Europe/London': 'Manchester Edinburgh Birmingham',
  'Europe/Zurich': 'Geneva Bern Basel',
  'Europe/Paris': 'Lyon Marseille',
  'Europe/Istanbul': 'Ankara Izmir',
  'Asia/Dubai': 'Abu Dhabi',
  'Asia/Riyadh': 'Jeddah Mecca',
  'Asia/Calcutta': 'Kolkata Delhi Mumbai Bangalore Bengaluru Chennai Hyderabad',
  'Asia/Kolkata': 'Calcutta Delhi Mumbai Bangalore Bengaluru Chennai Hyderabad',
  'Asia/Saigon': 'Ho Chi Minh Hanoi',
  'Asia/Ho_Chi_Minh': 'Saigon Hanoi',
  'Asia/Shanghai': 'Beijing Shenzhen Guangzhou',
  'Asia/Tokyo': 'Osaka Kyoto',
  'Australia/Sydney': 'Canberra',
  'Africa/Lagos': 'Abuja',
  'Africa/Johannesburg': 'Cape Town Durban Pretoria',
}

/** Every zone the runtime knows, west to east, and `current` even when it is an older name. `at` (epoch ms) decides the offsets. */
export function zoneOptions(current: string, at: number): ZoneOption[] {
  const ids = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
  if (isTimeZone(current)) ids.add(current)
  return [...ids]
    .map((id) => ({
      id,
      city: cityOf(id),
      region: id.split('/').slice(0, -1).join(' / ').replaceAll('_', ' '),
      offset: offsetOf(id, at),
    }))
    .sort((a, b) => minutesOf(a.offset) - minutesOf(b.offset) || a.city.localeCompare(b.city))
}

/** `GMT-3:30` → -210 */
function minutesOf(offset: string): number {
  const [, sign, hours, minutes = '0'] = /([+-])(\d+)(?::(\d+))?/.exec(offset) ?? []
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

/** Makes the search over some zones: by city, region, offset (`+1`, `gmt+5:30`), the zone's name in `locale`, and big cities nearby. */
export function zoneSearch(
  options: readonly ZoneOption[],
  locale: string,
  at: number,
): (query: string) => readonly ZoneOption[] {
  const entries = options.map((option) => ({
    option,
    city: plain(option.city),
    words: ` ${plain(
      [option.id.replaceAll(/[/_]/g, ' '), option.offset, zoneName(option.id, locale, at), ELSEWHERE[option.id]].join(
        ' ',
      ),
    )}`,
  }))
  return (query) => {
    const wanted = plain(query)
      .split(/[\s/_]+/)
      .filter(Boolean)
    if (wanted.length === 0) return options
    const whole = wanted.join(' ')
    /** The city that was meant, then words that begin so, then the rest. */
    const rank = ({ city, words }: (typeof entries)[number]) =>
      city.startsWith(whole) ? 0 : wanted.every((word) => words.includes(` ${word}`)) ? 1 : 2
    return entries
      .filter(({ words }) => wanted.every((word) => words.includes(word)))
      .sort((a, b) => rank(a) - rank(b))
      .map(({ option }) => option)
  }
}

/** Lower case without accents: what people type. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\butc(?=[+-])/g, 'gmt')
}
