-- Secret addresses under which a host's bookings, or only when they are busy, can be subscribed to.
create table calendar_feeds (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  kind text not null check (kind in ('bookings', 'free_busy')),
  -- SHA-256 of the token in the address. The token itself is kept sealed, so that its host can copy the address again.
  token_hash bytea not null unique,
  sealed_token text not null,
  -- Whether entries tell what a booking is about and who comes.
  details boolean not null default true,
  created_at timestamptz not null,
  unique (user_id, kind)
);
