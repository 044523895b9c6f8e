-- Bookings are found by the words in them, and lists stay quick however many there are.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- Whose attendee it is. The foreign key keeps it true when a booking goes to another host, so nothing is copied that could go stale.
alter table bookings add unique (id, host_id);
alter table attendees add column host_id bigint;
update attendees a set host_id = b.host_id from bookings b where b.id = a.booking_id;
alter table attendees alter column host_id set not null;
alter table attendees drop constraint attendees_booking_id_fkey;
alter table attendees add foreign key (booking_id, host_id) references bookings (id, host_id) on update cascade on delete cascade;
-- Whoever adds attendees names their booking only.
create function attendee_host() returns trigger language plpgsql as $$
begin
  if new.host_id is null then
    select host_id into new.host_id from bookings where id = new.booking_id;
  end if;
  return new;
end $$;
create trigger attendee_host before insert on attendees for each row execute function attendee_host();

-- Trigrams find parts of words; three letters are the least. Searches are more frequent than bookings, so writes pay for both.
create index attendees_words on attendees using gin (host_id, name gin_trgm_ops, email gin_trgm_ops) with (fastupdate = off);
create index bookings_words on bookings using gin (host_id, title gin_trgm_ops) with (fastupdate = off);
create index attendees_email on attendees (host_id, email, booking_id);

-- One index for each list that would otherwise walk past all the others.
drop index bookings_host;
create index bookings_host on bookings (host_id, starts_at, id);
create index bookings_pending on bookings (host_id, starts_at, id) where status = 'pending';
create index bookings_called_off on bookings (host_id, starts_at, id) where status in ('cancelled', 'rejected');
