-- Commitments, who attends them, and the time they take from hosts.
create table bookings (
  id bigint generated always as identity primary key,
  uid text not null unique check (length(uid) >= 22),
  event_type_id bigint references event_types on delete set null,
  host_id bigint not null references users on delete cascade,
  status text not null check (status in ('pending', 'accepted', 'rejected', 'cancelled')),
  title text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  -- The zone the offer was made in (RFC 5545 DTSTART;TZID).
  time_zone text not null,
  buffer_before integer not null default 0,
  buffer_after integer not null default 0,
  location jsonb,
  notes text not null default '',
  -- RFC 5545 SEQUENCE: one more for every change that attendees are told of.
  sequence integer not null default 0,
  reason text not null default '',
  cancelled_by text check (cancelled_by in ('host', 'attendee')),
  -- The host asked for another time: cancelled, and its booker may still move it.
  reschedule_requested boolean not null default false,
  idempotency_key text,
  request_hash bytea,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (event_type_id, idempotency_key)
);
create index bookings_host on bookings (host_id, starts_at);
create index bookings_event_type on bookings (event_type_id, starts_at);

create table attendees (
  id bigint generated always as identity primary key,
  booking_id bigint not null references bookings on delete cascade,
  kind text not null check (kind in ('booker', 'guest')),
  name text not null,
  email text not null,
  time_zone text not null,
  locale text not null
);
create index attendees_booking on attendees (booking_id);

create table holds (
  id bigint generated always as identity primary key,
  event_type_id bigint not null references event_types on delete cascade,
  token_hash bytea not null unique,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  expires_at timestamptz not null
);
create index holds_expiry on holds (expires_at);

-- Time taken from a host, buffers included. A row exists exactly as long as it blocks, so the constraint needs no condition:
-- no two commitments of one host can ever overlap, whoever writes them.
create table claims (
  id bigint generated always as identity primary key,
  host_id bigint not null references users on delete cascade,
  booking_id bigint references bookings on delete cascade,
  hold_id bigint references holds on delete cascade,
  blocked tstzrange not null
    check (not isempty(blocked) and not lower_inf(blocked) and not upper_inf(blocked)),
  check (num_nonnulls(booking_id, hold_id) = 1),
  unique (booking_id, host_id),
  unique (hold_id, host_id),
  constraint no_double_booking exclude using gist (host_id with =, blocked with &&)
);
