-- A hold of a group link is of several hosts at once, and of no event type. Its claims, one for each host, say whose time it is.
alter table holds alter column event_type_id drop not null;
