import type { RawRequest, Versions } from '#platform/http/api/versions.ts'
import type { FormerEventType, FormerLocation } from './former.ts'
import type { WireEventType } from './schema.ts'

const current = '2024-06-14'
const former = '2024-04-15'

/** Of replies with one event type as it is. */
export const eventTypeVersions: Versions = {
  current,
  older: [{ date: former, upgrade: upgraded, downgrade: (data) => formerEventType(data as WireEventType) }],
}

/** Of reading one event type, which lay within an object. */
export const oneEventTypeVersions: Versions = {
  current,
  older: [{ date: former, downgrade: (data) => ({ eventType: formerEventType(data as WireEventType) }) }],
}

/** Of a list, which lay within groups: those of teams are none yet. */
export const eventTypesVersions: Versions = {
  current,
  older: [
    {
      date: former,
      downgrade: (data) => ({ eventTypeGroups: [{ eventTypes: (data as WireEventType[]).map(formerEventType) }] }),
    },
  ],
}

/** Of what is told of an event type that was deleted. */
export const deletedEventTypeVersions: Versions = {
  current,
  older: [
    {
      date: former,
      downgrade(data) {
        const { lengthInMinutes: length, ...rest } = data as Pick<
          WireEventType,
          'id' | 'title' | 'slug' | 'lengthInMinutes'
        >
        return { ...rest, length }
      },
    },
  ],
}

function formerEventType({ id, lengthInMinutes, slug, title, description, locations }: WireEventType): FormerEventType {
  return { id, length: lengthInMinutes, slug, title, description, locations: locations.map(formerLocation) }
}

function formerLocation(location: WireEventType['locations'][number]): FormerLocation {
  return location.type === 'link' && location.link !== undefined
    ? { type: location.type, link: location.link }
    : { type: location.type }
}

type Named = Record<string, unknown>

/** What is not as it was then is left to be refused by the shape of today. */
function upgraded({ query, body }: RawRequest): RawRequest {
  if (!isNamed(body)) return { query, body }
  const { length, locations, bookingFields, ...rest } = body
  return {
    query,
    body: {
      ...rest,
      ...(length !== undefined && { lengthInMinutes: length }),
      ...(locations !== undefined && { locations: eachOf(locations, upgradedLocation) }),
      ...(bookingFields !== undefined && { bookingFields: eachOf(bookingFields, upgradedField) }),
    },
  }
}

/** A link was for everybody to see. */
function upgradedLocation(location: Named): Named {
  return location.type === 'link' ? { ...location, public: true } : location
}

/** The product's own fields were told by who may edit them; those can only be shown or hidden. */
function upgradedField({ name, editable, options, label, defaultLabel, type, ...rest }: Named): Named {
  const { required, placeholder, hidden, disableOnPrefill } = rest
  if (typeof editable === 'string' && editable.startsWith('system')) {
    return { slug: name, isDefault: true, ...(hidden !== undefined && { hidden }) }
  }
  const known = { required, placeholder, hidden, disableOnPrefill }
  return {
    ...{ type, slug: name, label: label ?? defaultLabel ?? name },
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ...(options !== undefined && { options: Array.isArray(options) ? options.map(textOf) : options }),
  }
}

/** Options had a value and a label; bookers see and answer with the label. */
function textOf(option: unknown): unknown {
  return isNamed(option) ? (option.label ?? option.value) : option
}

function eachOf(list: unknown, change: (one: Named) => Named): unknown {
  return Array.isArray(list) ? list.map((one) => (isNamed(one) ? change(one) : one)) : list
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
