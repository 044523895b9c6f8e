-- A host's own searches in their bookings, by name.
create table booking_views (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  name text not null check (length(name) between 1 and 100),
  tab text not null,
  -- The search as its address has it, such as q=anna&from=2026-11-01.
  query text not null check (length(query) <= 2000),
  created_at timestamptz not null
);
create index booking_views_user on booking_views (user_id, name);

-- Which tables have a trash is known to the code that moves rows there.
alter table trash drop constraint trash_source_check;
alter table trash add constraint trash_source_check check (source ~ '^[a-z_]+$');
