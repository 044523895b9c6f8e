-- What its owner deleted and may still take back: whole rows, kept for some weeks. Rows in here are out of every other query's way.
create table trash (
  id uuid primary key,
  user_id bigint not null references users on delete cascade,
  source text not null check (source in ('schedules', 'event_types')),
  content jsonb not null,
  -- What pointed at the row and was cut when it went, as the command that deletes needs it to restore.
  links jsonb not null default '{}',
  deleted_at timestamptz not null
);
create index trash_user on trash (user_id, deleted_at);
