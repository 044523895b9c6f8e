-- Attendees are forgotten at the host's word: their rows stay, without name and address, so that what was busy stays busy.
create table erasures (
  id uuid primary key,
  user_id bigint not null references users on delete cascade,
  -- One mail address, or everybody whose last booking ended before a moment: once, or again and again.
  kind text not null check (kind in ('address', 'before', 'timer')),
  -- Proof without the address: a hash under a key of the instance, so that who has the table alone cannot try addresses.
  address_hash bytea check ((kind = 'address') = (address_hash is not null)),
  -- Only while something of it is still to be done.
  address text,
  before timestamptz check ((kind = 'address') = (before is null)),
  keep_block boolean not null default false,
  -- Subjects of deliveries that tell those concerned that they are called off; they need the address until they are out.
  waits_for text[] not null default '{}',
  wait_until timestamptz,
  counts jsonb not null default '{}',
  requested_at timestamptz not null,
  done_at timestamptz,
  check (done_at is null or address is null)
);
create index erasures_user on erasures (user_id, requested_at desc, id);
create index erasures_open on erasures (requested_at) where done_at is null;
