-- What a request with a key of its client was answered, so that sending it again changes nothing (rows go after a day).
create table idempotency_keys (
  -- What was asked for, such as `booking/ada/intro`: keys of different things do not meet.
  scope text not null,
  key text not null,
  request_hash bytea not null,
  -- Null only inside the transaction that works on it.
  answer jsonb,
  created_at timestamptz not null,
  primary key (scope, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
alter table bookings drop column idempotency_key, drop column request_hash;
