import type { HostAct } from '../../types.ts'

/** Acts that are a form; moving a booking is done where its slots are shown. */
export type FormAct = Exclude<HostAct, 'reschedule'>

export const FORM_ACTS = ['confirm', 'reject', 'request-time', 'cancel'] as const satisfies readonly FormAct[]

export function isFormAct(act: string): act is FormAct {
  return FORM_ACTS.some((known) => known === act)
}

/** What can be done with several bookings at once. */
export const SEVERAL_ACTS = ['confirm', 'reject', 'cancel', 'absent'] as const
export type SeveralAct = (typeof SEVERAL_ACTS)[number]

export function isSeveralAct(act: unknown): act is SeveralAct {
  return SEVERAL_ACTS.some((known) => known === act)
}

/** As many as a page has at most. */
export const MOST_SEVERAL = 100

/** What the forms need to know of a booking. */
export interface Subject {
  uid: string
  sequence: number
  title: string
  day: string
  time: string
  who: string
  /** Of a series: how many after it still stand. */
  later: number
  /** How many others of it wait for an answer. */
  waiting: number
}

/** A refusal, with what was typed. */
export interface Problem {
  code: string
  details: Record<string, unknown>
  values: Record<string, string | string[]>
}

export function detailPath(uid: string): string {
  return `/bookings/detail/${uid}`
}

export function actPath(uid: string, act: HostAct): string {
  return act === 'reschedule' ? `/reschedule/${uid}` : `${detailPath(uid)}/${act}`
}
