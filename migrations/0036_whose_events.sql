-- Whose matter an event is, beside who did it: the log of one person is read by it. No foreign key: history outlives people, and ids
-- are never given twice. What it happened to, and who acted, are read from what is there.
alter table events
  add column owner_id bigint,
  add column noun text generated always as (split_part(subject, ':', 1)) stored,
  add column actor_kind text generated always as (actor ->> 'kind') stored,
  add column actor_id bigint generated always as ((actor ->> 'id')::bigint) stored;

update events e set owner_id = coalesce(
  case split_part(e.subject, ':', 1)
    when 'booking' then (select b.host_id from bookings b where b.id = split_part(e.subject, ':', 2)::bigint)
    when 'series' then (select s.host_id from series s where s.id = split_part(e.subject, ':', 2)::bigint)
    when 'schedule' then (select s.user_id from schedules s where s.id = split_part(e.subject, ':', 2)::bigint)
    when 'event-type' then (select t.user_id from event_types t where t.id = split_part(e.subject, ':', 2)::bigint)
    when 'user' then split_part(e.subject, ':', 2)::bigint
  end,
  (e.payload ->> 'userId')::bigint,
  (e.actor ->> 'id')::bigint
);

-- One person's log: all of it, of one kind of thing, of one kind of actor.
create index events_owner on events (owner_id, occurred_at, position);
create index events_owner_noun on events (owner_id, noun, occurred_at, position);
create index events_owner_actor on events (owner_id, actor_kind, occurred_at, position);
-- What somebody did to what is not theirs: nothing as yet for most.
create index events_actor on events (actor_id, occurred_at, position) where actor_id is distinct from owner_id;
-- The log of the whole installation.
create index events_time on events (occurred_at, position);
