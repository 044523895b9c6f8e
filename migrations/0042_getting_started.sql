-- Where a new account is on its way to a page that can be booked; null: it has arrived, or went without.
alter table users add column getting_started text check (getting_started in ('profile', 'hours', 'event-type'));
