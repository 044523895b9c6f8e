-- From where somebody signed in, or tried to: personal data, so beside the events and not in them, and forgotten after a while.
create table sign_ins (
  -- Of the session that began, or of the attempt that was refused.
  id uuid primary key,
  address text not null,
  user_agent text not null,
  created_at timestamptz not null
);
create index sign_ins_age on sign_ins (created_at);
