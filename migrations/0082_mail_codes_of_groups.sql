-- Of several hosts together there is no event type: the code is for meeting the first of them, under the name that the page has.
alter table mail_codes
  alter column event_type_id drop not null,
  add column host_id bigint references users on delete cascade,
  add column title text,
  add unique (host_id, email),
  add constraint mail_codes_for check (num_nonnulls(event_type_id, host_id) = 1 and (host_id is null) = (title is null));
