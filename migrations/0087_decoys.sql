-- What the blocked are told, how often they tried, and what those are shown who are to believe that they have booked.
alter table booker_blocks
  add column answer text not null default 'refuse' check (answer in ('refuse', 'decoy')),
  add column attempts integer not null default 0,
  add column last_attempt_at timestamptz;

-- No booking: it takes no time and nothing follows from it. A few for each block, and not for long.
create table decoys (
  uid text primary key,
  block_id bigint not null references booker_blocks on delete cascade,
  -- Of who tried.
  email text not null,
  -- A booking as its page shows it, and the dates of its series.
  content jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index decoys_block on decoys (block_id, created_at);
create index decoys_expiry on decoys (expires_at);
