-- Further mail addresses of an account that are proven to be its owner's.
create table verified_emails (
  id bigint generated always as identity primary key,
  user_id bigint not null references users on delete cascade,
  email text not null,
  verified_at timestamptz not null,
  unique (user_id, email)
);
create index verified_emails_user on verified_emails (user_id, id);

-- Codes mailed to addresses that are to be proven. The code itself is nowhere: it follows from the id and the secret of the instance.
create table email_proofs (
  id uuid primary key,
  user_id bigint not null references users on delete cascade,
  email text not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  unique (user_id, email)
);
create index email_proofs_expiry on email_proofs (expires_at);
