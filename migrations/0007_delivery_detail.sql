-- What the other side answered, beside the code of why a delivery waits or failed.
alter table deliveries add column detail text not null default '';
