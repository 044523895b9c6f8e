-- What a host keeps about somebody who books. Who they are and when they came is read from the bookings.
create table contacts (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  email text not null,
  tags text[] not null default '{}' check (cardinality(tags) <= 20),
  notes text not null default '' check (length(notes) <= 10000),
  updated_at timestamptz not null,
  unique (user_id, email)
);
create index contacts_tags on contacts using gin (user_id, tags);
