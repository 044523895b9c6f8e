-- What bookers sent with their answers, which name each file by its id. Only hosts get them; they go with the booking.
create table booking_files (
  id uuid primary key,
  booking_id bigint not null references bookings on delete cascade,
  name text not null,
  bytes bytea not null,
  created_at timestamptz not null
);
create index booking_files_booking on booking_files (booking_id);
