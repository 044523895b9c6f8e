import { z } from 'zod'
import { type Question, type QuestionType, TITLE_KEY } from '../questions/types.ts'
import type { EventType } from '../types.ts'

/** Types on the wire that are called otherwise than ours. */
const OURS = {
  textarea: 'long_text',
  multiselect: 'multi_select',
  multiemail: 'emails',
  checkbox: 'checkboxes',
} as const satisfies Record<string, QuestionType>

const SAME = [
  ...(['phone', 'address', 'text', 'number', 'select', 'radio', 'boolean', 'url'] as const),
  // Not known to clients of other products, and shown to them all the same: they are asked of bookers.
  ...(['email', 'date', 'time', 'rating', 'slider', 'policy', 'file', 'signature'] as const),
] satisfies QuestionType[]

const WIRE_TYPES = [...(Object.keys(OURS) as (keyof typeof OURS)[]), ...SAME] as const
type WireType = (typeof WIRE_TYPES)[number]

/** A question that the host asks. */
export const field = z
  .strictObject({
    type: z.enum(WIRE_TYPES),
    slug: z.string(),
    label: z.string(),
    required: z.boolean().optional(),
    placeholder: z.string().optional(),
    options: z.array(z.string()).optional(),
    disableOnPrefill: z.boolean().optional(),
    hidden: z.boolean().optional(),
    isDefault: z.literal(false).optional(),
  })
  .meta({ id: 'BookingField' })

/**
 * A field that every form has. It can be sent back as it was read, `guests` can be hidden, and `title` be shown, by which bookers name the
 * meeting.
 */
export const defaultField = z
  .strictObject({
    type: z.string().optional(),
    slug: z.enum(['name', 'email', 'location', TITLE_KEY, 'notes', 'guests', 'rescheduleReason']),
    label: z.string().optional(),
    placeholder: z.string().optional(),
    required: z.boolean().optional(),
    hidden: z.boolean().optional(),
    disableOnPrefill: z.boolean().optional(),
    isDefault: z.literal(true).optional(),
  })
  .meta({ id: 'DefaultBookingField' })

const TITLE_LABEL = 'What is this meeting about?'

export type WireField = z.output<typeof field>
export type WireDefaultField = z.output<typeof defaultField>

export function isDefaultField(one: WireField | WireDefaultField): one is WireDefaultField {
  return (
    one.isDefault === true ||
    !('label' in one && 'type' in one && (WIRE_TYPES as readonly unknown[]).includes(one.type))
  )
}

export function presentedFields(eventType: Pick<EventType, 'questions' | 'guests' | 'locations'>) {
  const asksTitle = eventType.questions.some(({ key }) => key === TITLE_KEY)
  const fixed = defaultFields(eventType).filter(({ slug }) => slug !== TITLE_KEY || !asksTitle)
  return [...fixed, ...eventType.questions.map(presentedField)]
}

/** In the order in which the form has them; the title as it is where nobody asks for it. */
export function defaultFields({ guests, locations }: Pick<EventType, 'guests' | 'locations'>): WireDefaultField[] {
  const plain = { isDefault: true as const, hidden: false, disableOnPrefill: false }
  const all: WireDefaultField[] = [
    { ...plain, slug: 'name', type: 'name', label: 'Name', placeholder: '', required: true },
    { ...plain, slug: 'email', type: 'email', label: 'Email', placeholder: '', required: true },
    { ...plain, slug: 'location', type: 'radioInput', label: 'Location', placeholder: '', required: true },
    { ...plain, slug: TITLE_KEY, type: 'text', label: TITLE_LABEL, placeholder: '', required: false, hidden: true },
    { ...plain, slug: 'notes', type: 'textarea', label: 'Notes', placeholder: '', required: false },
    {
      ...plain,
      slug: 'guests',
      type: 'multiemail',
      label: 'Guests',
      placeholder: '',
      required: false,
      hidden: !guests,
    },
    { ...plain, slug: 'rescheduleReason', type: 'textarea', label: 'Reason', placeholder: '', required: false },
  ]
  return all.filter(({ slug }) => slug !== 'location' || locations.length > 1)
}

function presentedField(question: Question): WireField | WireDefaultField {
  const { key, type, label, required, placeholder, options, lockPrefilled, hidden } = question
  if (key === TITLE_KEY) {
    const named = { slug: TITLE_KEY, type: 'text', isDefault: true } as const
    return { ...named, label, required, placeholder, hidden, disableOnPrefill: lockPrefilled }
  }
  return {
    type: wireTypeOf(type),
    slug: key,
    ...{ label, required, placeholder, hidden },
    disableOnPrefill: lockPrefilled,
    ...(options.length > 0 && { options }),
    isDefault: false,
  }
}

function wireTypeOf(type: QuestionType): WireType {
  const renamed = Object.entries(OURS).find(([, ours]) => ours === type)
  return (renamed?.[0] ?? type) as WireType
}

/** The field by which bookers name the meeting, as the command takes it. */
export function titleQuestionOf({ label, ...one }: WireDefaultField, present: readonly Question[]) {
  const before = present.find(({ key }) => key === TITLE_KEY)
  const { required, placeholder, hidden, disableOnPrefill } = one
  const field: WireField = { type: 'text', slug: TITLE_KEY, label: label ?? before?.label ?? TITLE_LABEL }
  return questionOf({ ...field, required, placeholder, hidden, disableOnPrefill }, present)
}

/** A question as the command takes it. What the wire has no word for stays as it was under this key. */
export function questionOf(one: WireField, present: readonly Question[]) {
  const type: QuestionType = one.type in OURS ? OURS[one.type as keyof typeof OURS] : (one.type as QuestionType)
  const before = present.find(({ key }) => key === one.slug)
  return {
    ...(before?.type === type && before),
    key: one.slug,
    type,
    label: one.label,
    ...(one.placeholder !== undefined && { placeholder: one.placeholder }),
    ...(one.required !== undefined && { required: one.required }),
    ...(one.hidden !== undefined && { hidden: one.hidden }),
    ...(one.options !== undefined && { options: one.options }),
    ...(one.disableOnPrefill !== undefined && { lockPrefilled: one.disableOnPrefill }),
  }
}
