-- The list of series begins with the next date of any, also where most bookings are of none.
create index bookings_recurring on bookings (host_id, starts_at, id) where series_id is not null;
