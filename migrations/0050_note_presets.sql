-- Short texts that a host writes again and again, with a click.
create table note_presets (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  text text not null check (length(text) between 1 and 500),
  -- What bookers are told when a booking is called off for it; empty: it is for notes only.
  reason text not null default '' check (length(reason) <= 2000),
  created_at timestamptz not null
);
create index note_presets_user on note_presets (user_id, id);
