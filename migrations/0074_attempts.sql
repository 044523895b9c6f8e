-- What was tried of late, counted by all processes together. Nothing is lost when a crash empties it, and no copy needs it.
create schema limits;
create unlogged table limits.attempts (
  -- HMAC of what is counted: mail addresses and those of clients are not kept.
  key bytea primary key,
  count integer not null,
  until timestamptz not null
);
create index attempts_until on limits.attempts (until);
