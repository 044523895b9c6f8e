-- What a program with the key may do, such as BOOKING_READ; null: everything, also what is yet to come. Keys of before keep everything.
alter table api_keys add column scopes text[] check (cardinality(scopes) > 0);
