-- Programs read bookings in the order in which they end, were made or changed, and go on where they stopped.
create index bookings_end on bookings (host_id, ends_at, id);
create index bookings_made on bookings (host_id, created_at, id);
create index bookings_changed on bookings (host_id, updated_at, id);
