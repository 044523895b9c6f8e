-- /ada+bob/30: whoever links several hosts together gets what all of them have free, if each allows it.
alter table users add column group_links boolean not null default true;

-- Whose time a booking takes beside its host's.
create table co_hosts (
  booking_id bigint not null references bookings on delete cascade,
  host_id bigint not null references users on delete cascade,
  -- In the order of the link.
  position integer not null,
  primary key (booking_id, host_id)
);
create index co_hosts_host on co_hosts (host_id);
