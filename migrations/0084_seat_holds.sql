-- Seats can be held. Whoever holds some of one start share its time: a sitting stands for it, and claims it while nobody has booked there.
create table sittings (
  id bigint generated always as identity primary key,
  event_type_id bigint not null references event_types on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  unique (event_type_id, starts_at, ends_at)
);

alter table holds
  -- Null: the hold has a claim of its own.
  add column sitting_id bigint references sittings on delete cascade,
  -- Seats that are held.
  add column quantity integer not null default 1 check (quantity between 1 and 1000);
create index holds_sitting on holds (sitting_id) where sitting_id is not null;

alter table claims
  add column sitting_id bigint references sittings on delete cascade,
  drop constraint claims_check,
  add constraint claims_one_claimant check (num_nonnulls(booking_id, hold_id, sitting_id) = 1),
  add unique (sitting_id, host_id);
