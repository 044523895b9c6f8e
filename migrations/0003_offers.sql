-- What a host offers: schedules and event types.
create table schedules (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  name text not null check (length(name) between 1 and 200),
  time_zone text not null,
  -- [{"days": [1, 2], "start": 540, "end": 1020}], minutes of the local day, 0 = Sunday
  weekly jsonb not null default '[]',
  -- [{"date": "2026-12-24", "ranges": [[540, 720]]}], no ranges = unavailable
  overrides jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index schedules_user on schedules (user_id);
alter table users
  add foreign key (default_schedule_id) references schedules on delete set null;

create table event_types (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$'),
  title text not null check (length(title) between 1 and 200),
  description text not null default '' check (length(description) <= 10000),
  -- Minutes; the first is the default. Each 1 to 1440.
  durations integer[] not null check (cardinality(durations) between 1 and 20),
  -- [{"kind": "in_person" | "attendee_phone" | "host_phone" | "link", …}]
  locations jsonb not null default '[]',
  schedule_id bigint references schedules on delete set null,
  buffer_before integer not null default 0 check (buffer_before between 0 and 1440),
  buffer_after integer not null default 0 check (buffer_after between 0 and 1440),
  notice integer not null default 120 check (notice between 0 and 525600),
  slot_interval integer check (slot_interval between 1 and 1440),
  slot_offset integer not null default 0 check (slot_offset between 0 and 1439),
  booking_window jsonb,
  requires_confirmation boolean not null default false,
  hidden boolean not null default false,
  color text check (color ~ '^#[0-9a-f]{6}$'),
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (user_id, slug)
);
