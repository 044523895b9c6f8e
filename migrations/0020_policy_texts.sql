-- What bookers have agreed to, word for word. An answer names the version, which is the SHA-256 of the text, so a text never changes.
create table policy_texts (
  version text primary key check (version ~ '^[\w-]{43}$'),
  text text not null,
  created_at timestamptz not null
);
