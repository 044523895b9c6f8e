-- Dates (of the home zone, both included) on which the hours of the default schedule are read elsewhere.
create table trips (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  first_date date not null,
  last_date date check (last_date >= first_date),
  time_zone text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index trips_user on trips (user_id, first_date, id);
