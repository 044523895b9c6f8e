export const ABSENCE_REASONS = ['unspecified', 'vacation', 'travel', 'sick', 'holiday', 'own'] as const
export type AbsenceReason = (typeof ABSENCE_REASONS)[number]

export const LONGEST_REASON = 100
export const LONGEST_NOTE = 2000

/** Where visitors are sent while the host is away. */
export type AbsenceRedirect = { kind: 'host'; username: string; name: string } | { kind: 'url'; url: string } | null

/** Days without slots. Dates are YYYY-MM-DD in the host's zone, both included. */
export interface Absence {
  id: number
  firstDate: string
  lastDate: string
  /** Minute of the first date from which, and of the last until which; null: the whole day. */
  fromMinute: number | null
  toMinute: number | null
  reason: AbsenceReason
  /** The host's own words, for the reason `own`. */
  ownReason: string
  note: string
  /** Visitors are told reason and note; that the host is away they are told in any case. */
  public: boolean
  redirect: AbsenceRedirect
  /** Changes with every save: who saves names the version that was read. */
  version: string
}

/** What visitors are told. Reason and note are empty unless the host made them public. */
export interface PublicAbsence {
  firstDate: string
  lastDate: string
  /** Minute of the first date from which, and of the last until which; null: the whole day. */
  fromMinute: number | null
  toMinute: number | null
  reason: AbsenceReason
  ownReason: string
  note: string
  redirect: AbsenceRedirect
}
