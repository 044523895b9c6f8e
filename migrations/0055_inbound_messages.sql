-- What services told this installation, as it came. Kept before it is worked on, so that nothing that was taken is lost.
create table inbound_messages (
  id uuid primary key,
  provider text not null,
  -- The provider's own id of what happened: each is taken once.
  event_id text not null check (length(event_id) between 1 and 200),
  headers jsonb not null,
  body bytea not null check (octet_length(body) <= 1048576),
  received_at timestamptz not null,
  -- Null: still to be worked on.
  processed_at timestamptz,
  unique (provider, event_id)
);
create index inbound_messages_received on inbound_messages (received_at);
