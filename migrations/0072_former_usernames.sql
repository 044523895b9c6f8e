-- Whose address it was, which leads on to the one they have now; null: they are gone.
alter table held_usernames add column user_id bigint references users on delete set null;
create index held_usernames_of on held_usernames (user_id, until);

-- As before, but for whoever left it: they may come back to it.
create or replace function username_held() returns trigger language plpgsql as $$
begin
  if exists (select from held_usernames where username = new.username and user_id is distinct from new.id) then
    raise exception using errcode = 'unique_violation', constraint = 'users_username', message = 'the username is held';
  end if;
  return null;
end $$;
