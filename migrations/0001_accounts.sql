-- People, their sessions and keys, and what the instance knows about itself.
create extension if not exists btree_gist;

create table users (
  id bigint generated always as identity primary key,
  email text not null check (length(email) between 3 and 254),
  username text not null check (username ~ '^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  password_hash text,
  role text not null default 'member' check (role in ('owner', 'admin', 'member')),
  bio text not null default '' check (length(bio) <= 5000),
  avatar_etag text,
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  hour_cycle text not null default 'h23' check (hour_cycle in ('h12', 'h23')),
  week_start smallint not null default 1 check (week_start between 0 and 6),
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  brand_color text check (brand_color ~ '^#[0-9a-f]{6}$'),
  default_schedule_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));
create unique index users_username on users (username);

create table avatars (
  user_id bigint primary key references users on delete cascade,
  content_type text not null check (content_type in ('image/png', 'image/jpeg', 'image/webp', 'image/gif')),
  bytes bytea not null check (octet_length(bytes) <= 1048576)
);

create table sessions (
  id uuid primary key,
  user_id bigint not null references users on delete cascade,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  user_agent text not null default '',
  address text not null default ''
);
create index sessions_user on sessions (user_id);

create table api_keys (
  id uuid primary key,
  user_id bigint not null references users on delete cascade,
  label text not null,
  prefix text not null,
  key_hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz
);
create index api_keys_user on api_keys (user_id);

-- One row per fact about this installation, such as the hash of the set-up link.
create table instance_settings (
  key text primary key,
  value jsonb not null
);
