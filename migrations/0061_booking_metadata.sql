-- What whoever links to a booking page, or books by API, wants to find again with the booking; and where the booker came from.
ALTER TABLE attendees
  ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN tracking jsonb NOT NULL DEFAULT '{}';
