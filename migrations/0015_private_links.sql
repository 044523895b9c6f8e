-- Links that open an event type to whoever was given them.
create table private_links (
  id bigint generated always as identity primary key,
  event_type_id bigint not null references event_types on delete cascade,
  -- SHA-256 of the token in the address. The token itself is kept sealed, so that its host can copy the link again.
  token_hash bytea not null unique,
  sealed_token text not null,
  label text not null default '' check (length(label) <= 200),
  -- Who it was made for; empty: whoever has it.
  person_name text not null default '',
  person_email text not null default '',
  -- [epoch milliseconds]: only these starts, each as long as `duration`, can be booked; null: all that are offered.
  starts jsonb,
  duration integer check (duration between 1 and 1440),
  expires_at timestamptz,
  most_uses integer check (most_uses > 0),
  uses integer not null default 0 check (uses >= 0 and uses <= most_uses),
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index private_links_event_type on private_links (event_type_id, id);
