-- Links mailed to bookers who ask for all they have booked. The token is nowhere: it follows from the id and the secret of the instance.
create table booker_links (
  id uuid primary key,
  email text not null,
  token_hash bytea not null unique,
  locale text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index booker_links_expiry on booker_links (expires_at);
create index attendees_bookers on attendees (email, booking_id) where kind = 'booker';
