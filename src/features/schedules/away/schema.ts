import { z } from 'zod'
import { calendarDate, multiLine, singleLine } from '#platform/fields.ts'
import { ABSENCE_REASONS, LONGEST_NOTE, LONGEST_REASON } from './types.ts'

const LONGEST_URL = 2000

/** An address that may stand in a link for strangers: https, and no password in it. */
const webAddress = z.string().transform((text, check) => {
  const url = text.length <= LONGEST_URL ? URL.parse(text.trim()) : null
  if (url?.protocol === 'https:' && url.username === '' && url.password === '') return url.href
  check.addIssue({ code: 'custom', params: { code: text.trim() === '' ? 'field_required' : 'link_not_https' } })
  return z.NEVER
})

const redirect = z
  .discriminatedUnion('kind', [
    /** The name may come with an @ before it, or as the address of the page. */
    z.strictObject({
      kind: z.literal('host'),
      username: singleLine(200).transform((text) => (text.split(/[@/]/).at(-1) ?? '').toLowerCase()),
    }),
    z.strictObject({ kind: z.literal('url'), url: webAddress }),
  ])
  .nullable()

/** Of a day; its first and its last are the whole day. */
const minuteInside = z.number().int().min(1).max(1439)

const content = {
  firstDate: calendarDate,
  lastDate: calendarDate,
  fromMinute: minuteInside.nullable().default(null),
  toMinute: minuteInside.nullable().default(null),
  reason: z.enum(ABSENCE_REASONS),
  ownReason: z.union([z.literal(''), singleLine(LONGEST_REASON)]).default(''),
  note: multiLine(LONGEST_NOTE).default(''),
  public: z.boolean().default(false),
  redirect: redirect.default(null),
}

type Content = z.output<z.ZodObject<typeof content>>

function inOrder(absence: Content, check: z.core.$RefinementCtx): void {
  const { firstDate, lastDate, fromMinute, toMinute, reason, ownReason } = absence
  if (lastDate < firstDate) {
    check.addIssue({ code: 'custom', path: ['lastDate'], params: { code: 'ends_before_it_begins' } })
  }
  if (firstDate === lastDate && fromMinute !== null && toMinute !== null && toMinute <= fromMinute) {
    check.addIssue({ code: 'custom', path: ['toMinute'], params: { code: 'ends_before_it_begins' } })
  }
  if (reason === 'own' && ownReason === '') {
    check.addIssue({ code: 'custom', path: ['ownReason'], params: { code: 'field_required' } })
  }
}

export const newAbsence = z.strictObject(content).superRefine(inOrder)

export const absenceChange = z
  .strictObject({
    ...content,
    id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
    /** As it was read; another one means that somebody saved meanwhile. */
    version: z.string().max(40),
  })
  .superRefine(inOrder)

export type NewAbsence = z.input<typeof newAbsence>
export type AbsenceChange = z.input<typeof absenceChange>
export type AbsenceContent = Content
