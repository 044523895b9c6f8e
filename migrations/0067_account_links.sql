-- Links mailed to people about their accounts, each good for one use. The token is nowhere: it follows from the id and the secret of the
-- instance, or only its hash is here.
create table account_links (
  id uuid primary key,
  kind text not null,
  -- Null: somebody asked with an address that nobody has. That is not found out before the mail is written.
  user_id bigint references users on delete cascade,
  -- What the link is about: the address it was mailed to.
  email text not null,
  token_hash bytea not null unique,
  locale text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index account_links_of_users on account_links (user_id, kind);
create index account_links_expiry on account_links (expires_at);
