-- What is known of a meeting when it is over: who did not come, what its host noted, what those who came thought of it.
alter table bookings add column host_no_show boolean not null default false;
alter table attendees add column no_show boolean not null default false;

-- Attendees never see these.
create table booking_notes (
  id bigint generated always as identity primary key,
  booking_id bigint not null references bookings on delete cascade,
  user_id bigint not null references users on delete cascade,
  text text not null check (length(text) between 1 and 5000),
  created_at timestamptz not null
);
create index booking_notes_booking on booking_notes (booking_id, id);

-- One per person: the booker's, or one for each seat.
create table booking_ratings (
  attendee_id bigint primary key references attendees on delete cascade,
  booking_id bigint not null references bookings on delete cascade,
  stars smallint not null check (stars between 1 and 5),
  comment text not null default '' check (length(comment) <= 2000),
  created_at timestamptz not null
);
create index booking_ratings_booking on booking_ratings (booking_id);
