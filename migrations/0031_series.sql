-- Bookings made together at regular times. Each stands for itself; what they have in common is only that.
create table series (
  id bigint generated always as identity primary key,
  host_id bigint not null references users on delete cascade,
  created_at timestamptz not null
);
alter table bookings
  add column series_id bigint references series on delete set null,
  -- Its place among those that were booked, from 1.
  add column occurrence integer check (occurrence >= 1),
  add constraint bookings_series unique (series_id, occurrence);
