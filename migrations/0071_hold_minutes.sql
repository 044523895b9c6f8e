-- For how long a start is kept, as it was asked for: a host's program may choose another length than that of a visitor's form.
alter table holds add column minutes integer not null default 5 check (minutes > 0);
