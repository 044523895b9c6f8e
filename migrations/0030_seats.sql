-- Several may book the same start: one booking, one claim, and a seat for each of them.
alter table bookings
  -- Null: one booker has it all. Otherwise how many seats there are, as the event type last said.
  add column seats integer check (seats between 1 and 1000),
  add column seats_taken integer not null default 1,
  add constraint bookings_seats_taken check (seats_taken between 1 and coalesce(seats, 1));

alter table attendees
  -- Address of a seat and the key to it; the uid of the booking, which acts on all of them, is its host's alone.
  add column seat_uid text unique check (length(seat_uid) >= 22),
  -- Seats one attendee takes.
  add column quantity integer not null default 1 check (quantity between 1 and 1000),
  -- RFC 5545 SEQUENCE of the seat's own calendar entry.
  add column sequence integer not null default 0,
  add column notes text not null default '',
  -- The seat was given back or taken away.
  add column cancelled_at timestamptz,
  add column cancelled_by text check (cancelled_by in ('host', 'attendee')),
  add column reason text not null default '';
