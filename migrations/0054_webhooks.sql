-- Addresses that are told of what happens to a host's bookings, and what was sent to them.
create table webhooks (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  -- Null: of all event types. No reference, so that an event type that is brought back from the trash has its webhooks again.
  event_type_id bigint,
  url text not null check (length(url) <= 2000),
  active boolean not null default true,
  triggers text[] not null,
  -- Null: the standard body.
  template text check (length(template) <= 20000),
  version text not null default '2021-10-20',
  -- Sealed with the instance's key and bound to this row. The former one signs as well until it ends.
  secret text,
  former_secret text,
  former_until timestamptz,
  -- Why it was switched off by itself.
  stopped text check (stopped in ('gone', 'failing')),
  -- Since when, and how often in a row, it did not take anything; null: the last time it did.
  failing_since timestamptz,
  failures integer not null default 0,
  -- Beginnings and ends of meetings before this are not told any more.
  times_since timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index webhooks_user on webhooks (user_id, id);

-- Each try, as it went out and as it was answered. Kept for some weeks.
create table webhook_attempts (
  id uuid primary key,
  delivery_id uuid not null references deliveries on delete cascade,
  webhook_id bigint not null,
  attempt integer not null,
  url text not null,
  request_headers jsonb not null,
  request_body text not null,
  -- Null: there was no answer; `failure` says why.
  status integer,
  failure text,
  response_headers jsonb not null default '{}',
  response_body text not null default '',
  milliseconds integer not null,
  created_at timestamptz not null
);
create index webhook_attempts_delivery on webhook_attempts (delivery_id, id);
create index webhook_attempts_created on webhook_attempts (created_at);

alter table deliveries drop constraint deliveries_kind_check;
alter table deliveries add constraint deliveries_kind_check check (kind ~ '^[a-z_]+$');
-- Those of webhooks count positions of events.
alter table deliveries alter column version type bigint;
create index deliveries_webhook on deliveries (target, created_at desc, id desc) where kind = 'webhook';
