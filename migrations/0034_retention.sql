-- Days after their last booking ended at which attendees of a host are forgotten. Without a row they never are.
create table retention (
  user_id bigint primary key references users on delete cascade,
  days integer not null check (days between 30 and 3650),
  updated_at timestamptz not null
);
