-- Codes mailed to bookers, for event types that want mail addresses proven. The code itself is nowhere: it follows from the id and the
-- secret of the instance.
create table mail_codes (
  id uuid primary key,
  event_type_id bigint not null references event_types on delete cascade,
  email text not null,
  locale text not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  unique (event_type_id, email)
);
create index mail_codes_email on mail_codes (email);
create index mail_codes_expiry on mail_codes (expires_at);
