-- Days on which a host is away, and what decides about all schedules of a host.
create table absences (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  -- Dates in the host's zone, both included.
  first_date date not null,
  last_date date not null check (last_date >= first_date),
  reason text not null check (reason in ('unspecified', 'vacation', 'travel', 'sick', 'holiday', 'own')),
  -- The host's own words, for the reason 'own' only.
  own_reason text not null default '' check (length(own_reason) <= 100 and (reason = 'own') = (own_reason <> '')),
  note text not null default '' check (length(note) <= 2000),
  -- Visitors are told reason and note.
  public boolean not null default false,
  -- Where visitors are sent meanwhile: to another host's page, or anywhere.
  redirect_user_id bigint references users on delete set null,
  redirect_url text check (length(redirect_url) <= 2000),
  check (num_nonnulls(redirect_user_id, redirect_url) <= 1),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index absences_user on absences (user_id, last_date, id);
create index absences_redirect on absences (redirect_user_id) where redirect_user_id is not null;

-- One row for each host who has changed any of it. `updated_at` grows with every change of absences and trips too, so that it alone
-- tells whether slots must be worked out anew.
create table host_availability (
  user_id bigint primary key references users on delete cascade,
  -- ISO 3166 code of the country whose public holidays are days off, and codes of its state and region: 'DE', 'BY', 'A'.
  holiday_country text,
  holiday_region text,
  -- Rules of holidays on which the host works all the same.
  holidays_off text[] not null default '{}',
  -- [{"rule": "easter 1", "name": "Ostermontag", "start": "2027-03-29", "end": "2027-03-29"}], without those above
  holidays jsonb not null default '[]',
  -- Last year that `holidays` covers.
  holidays_until integer,
  -- {"bookings": {"day": 5}, "minutes": {"week": 600}} over every event type
  limits jsonb not null default '{}',
  updated_at timestamptz not null
);

alter table trash drop constraint trash_source_check;
alter table trash add constraint trash_source_check
  check (source in ('schedules', 'event_types', 'absences', 'trips'));
