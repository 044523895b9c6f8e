-- Accounts whose owners are leaving: their pages are gone, and they follow as soon as those they were booked by have been told.
create table account_deletions (
  user_id bigint primary key references users on delete cascade,
  -- Subjects of the deliveries that tell of what was called off.
  waits_for text[] not null,
  wait_until timestamptz not null,
  requested_at timestamptz not null
);

-- Addresses of pages outlive their owners in mails and on other pages: for a while nobody else gets them.
create table held_usernames (
  username text primary key,
  until timestamptz not null
);
-- After the row is written: who waited for the name to become free sees what freed it.
create function username_held() returns trigger language plpgsql as $$
begin
  if exists (select from held_usernames where username = new.username) then
    raise exception using errcode = 'unique_violation', constraint = 'users_username', message = 'the username is held';
  end if;
  return null;
end $$;
create trigger username_held after insert or update of username on users for each row execute function username_held();
