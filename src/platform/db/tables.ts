import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Temporal } from 'temporal-polyfill'

/** timestamptz: instants on both sides. */
type Instant = ColumnType<Temporal.Instant, Temporal.Instant, Temporal.Instant>
type Stamp = ColumnType<Temporal.Instant, Temporal.Instant | undefined, Temporal.Instant>
/** jsonb: read as a value, written as JSON text. */
type Json<T extends object | null> = JSONColumnType<T, string, string>

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
    default_schedule_id: number | null
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
  api_keys: {
    id: string
    user_id: number
    label: string
    prefix: string
    key_hash: Buffer
    created_at: Instant
    last_used_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
    expires_at: ColumnType<Temporal.Instant | null, Temporal.Instant | null | undefined, Temporal.Instant | null>
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
    occurred_at: Instant
  }
  deliveries: {
    id: string
    event_id: string | null
    subject: string
    kind: 'mail'
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
  schedules: {
    id: GeneratedAlways<number>
    user_id: number
    name: string
    time_zone: string
    weekly: Json<{ days: number[]; start: number; end: number }[]>
    overrides: Json<{ date: string; ranges: [number, number][] }[]>
    created_at: Stamp
    updated_at: Stamp
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
  trash: {
    id: string
    user_id: number
    source: 'schedules' | 'event_types'
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
    idempotency_key: string | null
    request_hash: Buffer | null
    created_at: Instant
    updated_at: Instant
  }
  attendees: {
    id: GeneratedAlways<number>
    booking_id: number
    kind: 'booker' | 'guest'
    name: string
    email: string
    time_zone: string
    locale: string
  }
  holds: {
    id: GeneratedAlways<number>
    event_type_id: number
    token_hash: Buffer
    starts_at: Instant
    ends_at: Instant
    expires_at: Instant
  }
  claims: {
    id: GeneratedAlways<number>
    host_id: number
    booking_id: number | null
    hold_id: number | null
    blocked: string
  }
}
