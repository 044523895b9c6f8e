-- Bookings that should not have been made, and who may make no more.
create table booking_reports (
  booking_id bigint primary key references bookings on delete cascade,
  user_id bigint not null references users on delete cascade,
  reason text not null check (reason in ('spam', 'unknown_person', 'other')),
  note text not null default '' check (length(note) <= 2000),
  created_at timestamptz not null
);

create table booker_blocks (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  kind text not null check (kind in ('email', 'domain')),
  -- Canonical: lower case, the domain in ASCII.
  value text not null check (length(value) between 1 and 254),
  created_at timestamptz not null,
  unique (user_id, kind, value)
);
