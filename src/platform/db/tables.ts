import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Temporal } from 'temporal-polyfill'

/** timestamptz: instants on both sides. */
type Instant = ColumnType<Temporal.Instant, Temporal.Instant, Temporal.Instant>
type Stamp = ColumnType<Temporal.Instant, Temporal.Instant | undefined, Temporal.Instant>
/** jsonb: read as a value, written as JSON text. */
type Json<T extends object | null> = JSONColumnType<T, string, string>

/** The step of getting started that a new account is at. */
type GettingStarted = 'profile' | 'hours' | 'event-type'

/** The schema as `migrations/` leaves it; the SQL files are the truth and a test compares the two. */
export interface Tables {
  users: {
    id: GeneratedAlways<number>
    email: string
    username: string
    name: string
    password_hash: string | null
    role: Generated<'owner' | 'admin' | 'member'>
    bio: Generated<string>
    avatar_etag: Generated<string | null>
    time_zone: Generated<string>
    locale: Generated<string>
    hour_cycle: Generated<'h12' | 'h23'>
    week_start: Generated<number>
    theme: Generated<'system' | 'light' | 'dark'>
    brand_color: Generated<string | null>
    brand_color_dark: Generated<string | null>
    default_schedule_id: number | null
    group_links: Generated<boolean>
    getting_started: ColumnType<GettingStarted | null, GettingStarted | null | undefined, GettingStarted | null>
    page_theme: Generated<'system' | 'light' | 'dark'>
    hide_branding: Generated<boolean>
    search_indexed: Generated<boolean>
    default_layouts: JSONColumnType<object | null, string | null | undefined, string | null>
    session_minutes: ColumnType<number | null, number | null | undefined, number | null>
    monthly_digest_since: ColumnType<
      Temporal.Instant | null,
      Temporal.Instant | null | undefined,
      Temporal.Instant | null
    >
    email_proven_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    email_guarded: Generated<boolean>
    metadata: JSONColumnType<Record<string, string>, string | undefined, string>
    shortcuts: Generated<boolean>
    empty_search_mails: Generated<boolean>
    created_at: Stamp
    updated_at: Stamp
  }
  avatars: { user_id: number; content_type: string; bytes: Buffer }
  sessions: {
    id: string
    user_id: number
    token_hash: Buffer
    created_at: Instant
    last_used_at: Instant
    expires_at: Instant
    user_agent: Generated<string>
    address: Generated<string>
  }
  sign_ins: { id: string; address: string; user_agent: string; created_at: Instant }
  api_keys: {
    id: string
    user_id: number
    label: string
    prefix: string
    key_hash: Buffer
    created_at: Instant
    last_used_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    expires_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    scopes: ColumnType<string[] | null, string[] | null | undefined, string[] | null>
  }
  instance_settings: { key: string; value: Json<object | null> }
  events: {
    id: string
    position: GeneratedAlways<number>
    name: string
    version: number
    subject: string
    payload: Json<object>
    actor: Json<object>
    owner_id: ColumnType<number | null, number | null | undefined, never>
    noun: GeneratedAlways<string>
    actor_kind: GeneratedAlways<'user' | 'visitor' | 'system'>
    actor_id: GeneratedAlways<number | null>
    occurred_at: Instant
  }
  deliveries: {
    id: string
    event_id: string | null
    subject: string
    kind: 'mail' | 'webhook'
    topic: string
    target: string
    version: number
    state: Generated<'waiting' | 'sending' | 'delivered' | 'skipped' | 'failed'>
    reason: ColumnType<string | null, string | null | undefined, string | null>
    detail: Generated<string>
    attempts: Generated<number>
    next_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    created_at: Instant
    updated_at: Instant
    delivered_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
  }
  webhooks: {
    id: GeneratedAlways<number>
    user_id: number
    event_type_id: number | null
    url: string
    active: Generated<boolean>
    triggers: string[]
    template: ColumnType<string | null, string | null | undefined, string | null>
    version: Generated<string>
    secret: ColumnType<string | null, string | null | undefined, string | null>
    former_secret: ColumnType<string | null, string | null | undefined, string | null>
    former_until: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    stopped: ColumnType<'gone' | 'failing' | null, 'gone' | 'failing' | null | undefined, 'gone' | 'failing' | null>
    failing_since: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    failures: Generated<number>
    times_since: Instant
    created_at: Instant
    updated_at: Instant
  }
  webhook_attempts: {
    id: string
    delivery_id: string
    webhook_id: number
    attempt: number
    url: string
    request_headers: Json<Record<string, string>>
    request_body: string
    status: number | null
    failure: string | null
    response_headers: Json<Record<string, string | string[]>>
    response_body: string
    milliseconds: number
    created_at: Instant
  }
  calendar_feeds: {
    id: GeneratedAlways<number>
    user_id: number
    kind: 'bookings' | 'free_busy'
    token_hash: Buffer
    sealed_token: string
    details: Generated<boolean>
    created_at: Instant
  }
  inbound_messages: {
    id: string
    provider: string
    event_id: string
    headers: Json<Record<string, string>>
    body: Buffer
    received_at: Instant
    processed_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
  }
  idempotency_keys: {
    scope: string
    key: string
    request_hash: Buffer
    answer: JSONColumnType<object | null, string | undefined, string>
    created_at: Instant
  }
  schedules: {
    id: GeneratedAlways<number>
    user_id: number
    name: string
    time_zone: string
    weekly: Json<{ days: number[]; start: number; end: number }[]>
    overrides: Json<{ date: string; ranges: [number, number][] }[]>
    layers: JSONColumnType<object[], string | undefined, string>
    created_at: Stamp
    updated_at: Stamp
  }
  /** Dates are YYYY-MM-DD. */
  absences: {
    id: GeneratedAlways<number>
    user_id: number
    first_date: string
    last_date: string
    from_minute: number | null
    to_minute: number | null
    reason: 'unspecified' | 'vacation' | 'travel' | 'sick' | 'holiday' | 'own'
    own_reason: Generated<string>
    note: Generated<string>
    public: Generated<boolean>
    redirect_user_id: number | null
    redirect_url: string | null
    created_at: Instant
    updated_at: Instant
  }
  trips: {
    id: GeneratedAlways<number>
    user_id: number
    first_date: string
    last_date: string | null
    time_zone: string
    created_at: Instant
    updated_at: Instant
  }
  host_availability: {
    user_id: number
    holiday_country: string | null
    holiday_region: string | null
    holidays_off: Generated<string[]>
    holidays: JSONColumnType<
      { rule: string; name: string; start: string; end: string; fromMinute?: number; toMinute?: number }[],
      string | undefined,
      string
    >
    holiday_sets: Generated<string[]>
    holiday_halves: JSONColumnType<Record<string, 'morning' | 'afternoon'>, string | undefined, string>
    holidays_until: number | null
    limits: JSONColumnType<object, string | undefined, string>
    updated_at: Instant
  }
  event_types: {
    id: GeneratedAlways<number>
    user_id: number
    slug: string
    title: string
    description: Generated<string>
    durations: number[]
    locations: Json<object[]>
    schedule_id: number | null
    buffer_before: Generated<number>
    buffer_after: Generated<number>
    notice: Generated<number>
    slot_interval: number | null
    slot_offset: Generated<number>
    booking_window: JSONColumnType<object | null, string | null, string | null>
    requires_confirmation: Generated<boolean>
    hidden: Generated<boolean>
    color: string | null
    options: JSONColumnType<object, string | undefined, string>
    position: Generated<number>
    created_at: Stamp
    updated_at: Stamp
  }
  private_links: {
    id: GeneratedAlways<number>
    event_type_id: number
    token_hash: Buffer
    sealed_token: string
    label: Generated<string>
    person_name: Generated<string>
    person_email: Generated<string>
    starts: JSONColumnType<number[] | null, string | null, string | null>
    duration: number | null
    expires_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null, Temporal.Instant | null>
    most_uses: number | null
    uses: Generated<number>
    created_at: Instant
    revoked_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
  }
  trash: {
    id: string
    user_id: number
    source:
      | 'schedules'
      | 'event_types'
      | 'absences'
      | 'trips'
      | 'booking_views'
      | 'note_presets'
      | 'booking_notes'
      | 'booker_blocks'
      | 'webhooks'
    content: Json<Record<string, unknown>>
    links: Json<object>
    deleted_at: Instant
  }
  bookings: {
    id: GeneratedAlways<number>
    uid: string
    event_type_id: number | null
    host_id: number
    status: 'pending' | 'accepted' | 'rejected' | 'cancelled'
    title: string
    starts_at: Instant
    ends_at: Instant
    time_zone: string
    buffer_before: Generated<number>
    buffer_after: Generated<number>
    location: JSONColumnType<object | null, string | null, string | null>
    notes: Generated<string>
    sequence: Generated<number>
    reason: Generated<string>
    cancelled_by: 'host' | 'attendee' | null
    reschedule_requested: Generated<boolean>
    seats: ColumnType<number | null, number | null | undefined, number | null>
    seats_taken: Generated<number>
    series_id: ColumnType<number | null, number | null | undefined, number | null>
    occurrence: ColumnType<number | null, number | null | undefined, number | null>
    host_no_show: Generated<boolean>
    created_at: Instant
    updated_at: Instant
  }
  co_hosts: { booking_id: number; host_id: number; position: number }
  series: { id: GeneratedAlways<number>; uid: Generated<string>; host_id: number; created_at: Instant }
  attendees: {
    id: GeneratedAlways<number>
    booking_id: number
    kind: 'booker' | 'guest'
    name: string
    email: string
    time_zone: string
    locale: string
    answers: JSONColumnType<object[], string | undefined, string>
    companions: JSONColumnType<{ name: string }[], string | undefined, string>
    metadata: JSONColumnType<Record<string, string>, string | undefined, string>
    tracking: JSONColumnType<Record<string, string>, string | undefined, string>
    /** Of its booking; the database fills it in. */
    host_id: Generated<number>
    no_show: Generated<boolean>
    seat_uid: ColumnType<string | null, string | null | undefined, string | null>
    quantity: Generated<number>
    sequence: Generated<number>
    notes: Generated<string>
    cancelled_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    cancelled_by: ColumnType<
      'host' | 'attendee' | null,
      'host' | 'attendee' | null | undefined,
      'host' | 'attendee' | null
    >
    reason: Generated<string>
  }
  booking_views: {
    id: GeneratedAlways<number>
    user_id: number
    name: string
    tab: string
    query: string
    is_default: Generated<boolean>
    created_at: Instant
  }
  booking_notes: {
    id: GeneratedAlways<number>
    booking_id: number
    user_id: number
    text: string
    created_at: Instant
  }
  note_presets: {
    id: GeneratedAlways<number>
    user_id: number
    text: string
    reason: Generated<string>
    created_at: Instant
  }
  booking_ratings: {
    attendee_id: number
    booking_id: number
    stars: number
    comment: Generated<string>
    created_at: Instant
  }
  booking_reports: {
    booking_id: number
    user_id: number
    reason: 'spam' | 'unknown_person' | 'other'
    note: Generated<string>
    created_at: Instant
  }
  booker_blocks: {
    id: GeneratedAlways<number>
    user_id: number
    kind: 'email' | 'domain'
    value: string
    answer: Generated<'refuse' | 'decoy'>
    attempts: Generated<number>
    last_attempt_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    created_at: Instant
  }
  decoys: {
    uid: string
    block_id: number
    email: string
    content: Json<object>
    created_at: Instant
    expires_at: Instant
  }
  empty_searches: {
    event_type_id: number
    since: Instant
    last_at: Instant
    occasions: number
    told_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
  }
  second_factors: { user_id: number; sealed_secret: string; last_step: number; created_at: Instant }
  backup_codes: { user_id: number; code_hash: string }
  account_links: {
    id: string
    kind: 'password_reset' | 'address_change' | 'address_proof' | 'address_return' | 'second_step' | 'sign_in_link'
    user_id: number | null
    email: string
    token_hash: Buffer
    locale: string
    created_at: Instant
    expires_at: Instant
  }
  booker_links: {
    id: string
    email: string
    token_hash: Buffer
    locale: string
    created_at: Instant
    expires_at: Instant
  }
  contacts: {
    id: GeneratedAlways<number>
    user_id: number
    email: string
    tags: Generated<string[]>
    notes: Generated<string>
    updated_at: Instant
    merged_into: ColumnType<number | null, number | null | undefined, number | null>
    merged: ColumnType<object | null, string | null | undefined, string | null>
  }
  erasures: {
    id: string
    user_id: number
    kind: 'address' | 'before' | 'timer'
    address_hash: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>
    address: ColumnType<string | null, string | null | undefined, string | null>
    before: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    keep_block: Generated<boolean>
    waits_for: Generated<string[]>
    wait_until: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    counts: JSONColumnType<Record<string, number>, string | undefined, string>
    requested_at: Instant
    done_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
  }
  retention: { user_id: number; days: number; updated_at: Instant }
  account_deletions: { user_id: number; waits_for: string[]; wait_until: Instant; requested_at: Instant }
  held_usernames: { username: string; until: Instant; user_id: ColumnType<number | null, number | null | undefined> }
  verified_emails: { id: GeneratedAlways<number>; user_id: number; email: string; verified_at: Instant }
  email_proofs: {
    id: string
    user_id: number
    email: string
    attempts: Generated<number>
    created_at: Instant
    expires_at: Instant
  }
  mail_codes: {
    id: string
    event_type_id: number | null
    /** The first of several without an event type. */
    host_id: ColumnType<number | null, number | null | undefined, number | null>
    title: ColumnType<string | null, string | null | undefined, string | null>
    email: string
    locale: string
    attempts: number
    created_at: Instant
    expires_at: Instant
  }
  booking_files: { id: string; booking_id: number; name: string; bytes: Buffer; created_at: Instant }
  policy_texts: { version: string; text: string; created_at: Instant }
  holds: {
    id: GeneratedAlways<number>
    event_type_id: number | null
    token_hash: Buffer
    starts_at: Instant
    ends_at: Instant
    expires_at: Instant
    minutes: Generated<number>
    sitting_id: number | null
    quantity: Generated<number>
  }
  sittings: {
    id: GeneratedAlways<number>
    event_type_id: number
    starts_at: Instant
    ends_at: Instant
  }
  claims: {
    id: GeneratedAlways<number>
    host_id: number
    booking_id: number | null
    hold_id: number | null
    sitting_id: number | null
    blocked: string
  }
}
