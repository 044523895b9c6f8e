-- Of an event type: in how many hours of late somebody looked for a time and there was none. Nothing is kept of who looked.
create table empty_searches (
  event_type_id bigint primary key references event_types on delete cascade,
  -- The first that is counted, and the last.
  since timestamptz not null,
  last_at timestamptz not null,
  occasions integer not null,
  -- When its host was last told; null: never.
  told_at timestamptz
);
alter table users add column empty_search_mails boolean not null default true;
