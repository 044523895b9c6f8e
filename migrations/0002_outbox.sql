-- What happened (events) and the tracked effects of it (deliveries).
create table events (
  id uuid primary key,
  position bigint generated always as identity unique,
  name text not null,
  version smallint not null,
  -- What it happened to, as noun:id, such as booking:17. History pages read by it.
  subject text not null,
  payload jsonb not null,
  actor jsonb not null,
  occurred_at timestamptz not null
);
create index events_subject on events (subject, position);

create table deliveries (
  id uuid primary key,
  event_id uuid references events,
  subject text not null,
  kind text not null check (kind in ('mail')),
  topic text not null,
  target text not null,
  -- The version of the subject this tells of; a newer one supersedes it.
  version integer not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'delivered', 'skipped', 'failed')),
  -- Code of why it waits, was skipped or failed.
  reason text,
  attempts integer not null default 0,
  next_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  delivered_at timestamptz,
  unique (subject, kind, topic, target, version)
);
create index deliveries_open on deliveries (state, next_at) where state in ('waiting', 'sending', 'failed');
