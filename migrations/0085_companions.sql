-- Who comes along with a booker who takes several seats, as far as they were named: a list of {"name": …}, in order.
alter table attendees
  add column companions jsonb not null default '[]' check (jsonb_typeof(companions) = 'array');
