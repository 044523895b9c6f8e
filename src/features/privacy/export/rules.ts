/** A table of which somebody gets their own rows. */
export interface ExportedTable {
  /** What the file calls it. */
  name: string
  table: string
  columns: readonly string[]
  /** How rows are told to be theirs: the column that names its owner, or the table it belongs to, which has one. */
  owner: string | { table: string; column: string; owner: string }
  /** Order of the rows, without ties; read page by page behind the last one. */
  key: readonly string[]
  /** Written into each row, in the order of their ids. */
  within?: readonly ExportedPart[]
}

/** Rows that belong to one row of another table. */
export interface ExportedPart {
  name: string
  table: string
  columns: readonly string[]
  /** Column that names the row it belongs to. */
  of: string
  order: string
}

const BOOKING_PARTS: readonly ExportedPart[] = [
  {
    ...{ name: 'attendees', table: 'attendees', of: 'booking_id', order: 'id' },
    columns: [
      ...['id', 'kind', 'name', 'email', 'time_zone', 'locale', 'answers', 'quantity', 'notes', 'metadata', 'tracking'],
      ...['companions', 'no_show', 'cancelled_at', 'cancelled_by', 'reason'],
    ],
  },
  { name: 'hosted_with', table: 'co_hosts', of: 'booking_id', order: 'position', columns: ['host_id', 'position'] },
  // Of every note its writer, since a booking may have several hosts.
  {
    name: 'notes_of_hosts',
    table: 'booking_notes',
    of: 'booking_id',
    order: 'id',
    columns: ['id', 'user_id', 'text', 'created_at'],
  },
  {
    ...{ name: 'ratings', table: 'booking_ratings', of: 'booking_id', order: 'attendee_id' },
    columns: ['attendee_id', 'stars', 'comment', 'created_at'],
  },
  {
    ...{ name: 'reports', table: 'booking_reports', of: 'booking_id', order: 'booking_id' },
    columns: ['user_id', 'reason', 'note', 'created_at'],
  },
  { name: 'files', table: 'booking_files', of: 'booking_id', order: 'id', columns: ['id', 'name', 'created_at'] },
]

/** Everything somebody owns, and which of its columns they get. A column that is in no list is in `WITHHELD`, with the reason. */
export const EXPORTED: readonly ExportedTable[] = [
  {
    ...{ name: 'account', table: 'users', owner: 'id', key: ['id'] },
    columns: [
      ...['id', 'email', 'username', 'name', 'role', 'bio', 'time_zone', 'locale', 'hour_cycle', 'week_start', 'theme'],
      ...[
        'brand_color',
        'brand_color_dark',
        'default_schedule_id',
        'group_links',
        'getting_started',
        'page_theme',
        'hide_branding',
      ],
      ...[
        'search_indexed',
        'default_layouts',
        'session_minutes',
        'email_proven_at',
        'email_guarded',
        'monthly_digest_since',
        'empty_search_mails',
        'metadata',
        'shortcuts',
        'created_at',
        'updated_at',
      ],
    ],
  },
  { name: 'picture', table: 'avatars', owner: 'user_id', key: ['user_id'], columns: ['content_type', 'bytes'] },
  {
    ...{ name: 'sessions', table: 'sessions', owner: 'user_id', key: ['id'] },
    columns: ['id', 'created_at', 'last_used_at', 'expires_at', 'user_agent', 'address'],
  },
  {
    ...{ name: 'api_keys', table: 'api_keys', owner: 'user_id', key: ['id'] },
    columns: ['id', 'label', 'scopes', 'created_at', 'last_used_at', 'expires_at'],
  },
  {
    ...{ name: 'verified_emails', table: 'verified_emails', owner: 'user_id', key: ['id'] },
    columns: ['id', 'email', 'verified_at'],
  },
  {
    ...{ name: 'schedules', table: 'schedules', owner: 'user_id', key: ['id'] },
    columns: ['id', 'name', 'time_zone', 'weekly', 'overrides', 'layers', 'created_at', 'updated_at'],
  },
  {
    ...{ name: 'away', table: 'absences', owner: 'user_id', key: ['id'] },
    columns: [
      ...[
        'id',
        'first_date',
        'last_date',
        'from_minute',
        'to_minute',
        'reason',
        'own_reason',
        'note',
        'public',
        'redirect_user_id',
        'redirect_url',
      ],
      ...['created_at', 'updated_at'],
    ],
  },
  {
    ...{ name: 'travel', table: 'trips', owner: 'user_id', key: ['id'] },
    columns: ['id', 'first_date', 'last_date', 'time_zone', 'created_at', 'updated_at'],
  },
  {
    ...{ name: 'holidays_and_limits', table: 'host_availability', owner: 'user_id', key: ['user_id'] },
    columns: [
      ...['holiday_country', 'holiday_region', 'holidays_off', 'holidays', 'holidays_until', 'limits', 'updated_at'],
      ...['holiday_sets', 'holiday_halves'],
    ],
  },
  {
    ...{ name: 'event_types', table: 'event_types', owner: 'user_id', key: ['id'] },
    columns: [
      ...[
        'id',
        'slug',
        'title',
        'description',
        'durations',
        'locations',
        'schedule_id',
        'buffer_before',
        'buffer_after',
      ],
      ...['notice', 'slot_interval', 'slot_offset', 'booking_window', 'requires_confirmation', 'hidden', 'color'],
      ...['options', 'position', 'created_at', 'updated_at'],
    ],
  },
  {
    ...{ name: 'empty_searches', table: 'empty_searches', key: ['event_type_id'] },
    owner: { table: 'event_types', column: 'event_type_id', owner: 'user_id' },
    columns: ['event_type_id', 'since', 'last_at', 'occasions', 'told_at'],
  },
  {
    ...{ name: 'private_links', table: 'private_links', key: ['id'] },
    owner: { table: 'event_types', column: 'event_type_id', owner: 'user_id' },
    columns: [
      ...[
        'id',
        'event_type_id',
        'label',
        'person_name',
        'person_email',
        'starts',
        'duration',
        'expires_at',
        'most_uses',
      ],
      ...['uses', 'created_at', 'revoked_at'],
    ],
  },
  { name: 'series', table: 'series', owner: 'host_id', key: ['id'], columns: ['id', 'uid', 'created_at'] },
  {
    ...{ name: 'bookings', table: 'bookings', owner: 'host_id', key: ['starts_at', 'id'], within: BOOKING_PARTS },
    columns: [
      ...['id', 'uid', 'event_type_id', 'status', 'title', 'starts_at', 'ends_at', 'time_zone', 'buffer_before'],
      ...['buffer_after', 'location', 'notes', 'sequence', 'reason', 'cancelled_by', 'reschedule_requested', 'seats'],
      ...['seats_taken', 'series_id', 'occurrence', 'host_no_show', 'created_at', 'updated_at'],
    ],
  },
  {
    ...{ name: 'contacts', table: 'contacts', owner: 'user_id', key: ['id'] },
    columns: ['id', 'email', 'tags', 'notes', 'merged_into', 'updated_at'],
  },
  {
    ...{ name: 'blocked', table: 'booker_blocks', owner: 'user_id', key: ['id'] },
    columns: ['id', 'kind', 'value', 'answer', 'attempts', 'last_attempt_at', 'created_at'],
  },
  {
    ...{ name: 'saved_views', table: 'booking_views', owner: 'user_id', key: ['id'] },
    columns: ['id', 'name', 'tab', 'query', 'is_default', 'created_at'],
  },
  {
    ...{ name: 'note_presets', table: 'note_presets', owner: 'user_id', key: ['id'] },
    columns: ['id', 'text', 'reason', 'created_at'],
  },
  {
    ...{ name: 'erasures', table: 'erasures', owner: 'user_id', key: ['id'] },
    columns: ['id', 'kind', 'before', 'counts', 'requested_at', 'done_at'],
  },
  { name: 'retention', table: 'retention', owner: 'user_id', key: ['user_id'], columns: ['days', 'updated_at'] },
  {
    ...{ name: 'former_usernames', table: 'held_usernames', owner: 'user_id', key: ['username'] },
    columns: ['username', 'until'],
  },
  {
    ...{ name: 'calendar_feeds', table: 'calendar_feeds', owner: 'user_id', key: ['id'] },
    columns: ['id', 'kind', 'details', 'created_at'],
  },
  {
    ...{ name: 'webhooks', table: 'webhooks', owner: 'user_id', key: ['id'] },
    columns: [
      ...['id', 'event_type_id', 'active', 'triggers', 'template', 'version', 'stopped', 'failing_since'],
      ...['failures', 'created_at', 'updated_at'],
    ],
  },
  {
    ...{ name: 'deleted_lately', table: 'trash', owner: 'user_id', key: ['id'] },
    columns: ['id', 'source', 'content', 'deleted_at'],
  },
  {
    ...{ name: 'history', table: 'events', owner: 'owner_id', key: ['occurred_at', 'position'] },
    columns: ['id', 'name', 'subject', 'payload', 'actor', 'occurred_at'],
  },
]

type Why =
  /** Whoever has it could act as its owner, or as somebody else. */
  | 'secret'
  /** It says nothing of its owner that is not said elsewhere in the file. */
  | 'inner'
  /** It belongs to the installation, or to others. */
  | 'not_theirs'
  /** It is gone within hours. */
  | 'passing'
  /** It can be fetched where it is listed. */
  | 'elsewhere'

/** What nobody gets, by table and column; `*` is all of a table. */
export const WITHHELD: Readonly<Record<string, Why>> = {
  'users.password_hash': 'secret',
  'users.avatar_etag': 'inner',
  'avatars.user_id': 'inner',
  'sessions.user_id': 'inner',
  'sessions.token_hash': 'secret',
  'api_keys.user_id': 'inner',
  'api_keys.prefix': 'secret',
  'api_keys.key_hash': 'secret',
  'verified_emails.user_id': 'inner',
  'email_proofs.*': 'passing',
  'schedules.user_id': 'inner',
  'absences.user_id': 'inner',
  'trips.user_id': 'inner',
  'host_availability.user_id': 'inner',
  'event_types.user_id': 'inner',
  'private_links.token_hash': 'secret',
  'private_links.sealed_token': 'secret',
  'series.host_id': 'inner',
  'bookings.host_id': 'inner',
  'co_hosts.booking_id': 'inner',
  'attendees.booking_id': 'inner',
  'attendees.host_id': 'inner',
  'attendees.sequence': 'inner',
  // The key of somebody else to their seat.
  'attendees.seat_uid': 'secret',
  'booking_notes.booking_id': 'inner',
  'booking_ratings.booking_id': 'inner',
  'booking_reports.booking_id': 'inner',
  'booking_files.booking_id': 'inner',
  'booking_files.bytes': 'elsewhere',
  'contacts.user_id': 'inner',
  'contacts.merged': 'inner',
  'booker_blocks.user_id': 'inner',
  'booking_views.user_id': 'inner',
  'erasures.user_id': 'inner',
  'erasures.address_hash': 'inner',
  'erasures.address': 'passing',
  'erasures.keep_block': 'inner',
  'erasures.waits_for': 'inner',
  'erasures.wait_until': 'inner',
  'note_presets.user_id': 'inner',
  'retention.user_id': 'inner',
  'calendar_feeds.user_id': 'inner',
  'calendar_feeds.token_hash': 'secret',
  'calendar_feeds.sealed_token': 'secret',
  'webhooks.user_id': 'inner',
  // Addresses of such pages often are the key to them.
  'webhooks.url': 'secret',
  'webhooks.secret': 'secret',
  'webhooks.former_secret': 'secret',
  'webhooks.former_until': 'inner',
  'webhooks.times_since': 'inner',
  'webhook_attempts.*': 'elsewhere',
  'inbound_messages.*': 'not_theirs',
  'trash.user_id': 'inner',
  'trash.links': 'inner',
  'events.position': 'inner',
  'events.version': 'inner',
  'events.owner_id': 'inner',
  'events.noun': 'inner',
  'events.actor_kind': 'inner',
  'events.actor_id': 'inner',
  'account_deletions.*': 'passing',
  'held_usernames.user_id': 'inner',
  'sign_ins.*': 'passing',
  'account_links.*': 'passing',
  'second_factors.*': 'secret',
  'backup_codes.*': 'secret',
  'booker_links.*': 'not_theirs',
  'mail_codes.*': 'passing',
  'decoys.*': 'passing',
  'holds.*': 'passing',
  'sittings.*': 'passing',
  'claims.*': 'inner',
  'idempotency_keys.*': 'passing',
  'instance_settings.*': 'not_theirs',
  'policy_texts.*': 'not_theirs',
  'deliveries.*': 'elsewhere',
}
