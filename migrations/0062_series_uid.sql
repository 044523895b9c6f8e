-- What clients of the API call a series by. Who knows it knows its bookings, so it is as hard to guess as they are.
alter table series
  add column uid text not null unique default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
