/** One line of the log. */
export interface Activity {
  /** Name of the event, such as `booking.created`. */
  name: string
  /** What it happened to: kind, and id within that kind. */
  noun: string
  subjectId: string
  payload: Readonly<Record<string, unknown>>
  actor: {
    kind: 'user' | 'visitor' | 'system'
    id: number | null
    /** Null: nobody's, or of an account that is gone. */
    name: string | null
    via: 'session' | 'api_key' | 'mail_link' | 'command_line' | null
  }
  /** Whose matter it is. */
  owner: { id: number; name: string | null } | null
  /** Only of signing in, and only for a while. */
  origin: { browser: string | null; system: string | null; address: string } | null
  /** RFC 3339. */
  at: string
}

/** Where a page of the log ends. */
export interface ActivityCursor {
  /** RFC 3339. */
  at: string
  position: number
}
