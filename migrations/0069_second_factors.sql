-- A second proof at sign-in: codes of an authenticator app (RFC 6238), or of a list for when it is lost.
create table second_factors (
  user_id bigint primary key references users on delete cascade,
  sealed_secret text not null,
  -- The last span of 30 seconds whose code was used: no code counts twice.
  last_step bigint not null,
  created_at timestamptz not null
);
-- Each counts once. Short codes could be guessed from a plain hash, so these are keyed with the secret of the instance.
create table backup_codes (
  user_id bigint not null references second_factors on delete cascade,
  code_hash text not null,
  primary key (user_id, code_hash)
);
