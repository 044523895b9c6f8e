-- Since when somebody wants a mail about each month that is over; null: they do not.
alter table users add column monthly_digest_since timestamptz;
create index users_with_digests on users (id) where monthly_digest_since is not null;
