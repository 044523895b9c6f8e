-- What happened, happened: events are only ever added. The one way to lose some is forget_events, for those who may not keep a log
-- for ever.
create function refuse_change_of_events() returns trigger language plpgsql as $$
begin
  if current_setting('sundial.forgetting', true) = 'on' and tg_op = 'DELETE' then
    return old;
  end if;
  raise exception 'events are only ever added (%)', lower(tg_op) using errcode = 'restrict_violation';
end $$;

create trigger events_stay before update or delete on events
  for each row execute function refuse_change_of_events();
create trigger events_are_not_emptied before truncate on events
  for each statement execute function refuse_change_of_events();

-- Looked at when an event goes.
create index deliveries_event on deliveries (event_id) where event_id is not null;

-- Forgets what is older, but not what a booking that was not over by then, or a delivery that is not done, still needs.
create function forget_events(before timestamptz) returns bigint language plpgsql as $$
declare
  forgotten bigint;
begin
  perform set_config('sundial.forgetting', 'on', true);
  create temporary table forgettable on commit drop as
    select e.id from events e
    where e.occurred_at < before
      and not (e.noun = 'booking' and exists (
        select from bookings b
        where b.id = case when e.noun = 'booking' then split_part(e.subject, ':', 2)::bigint end and b.ends_at >= before))
      and not (e.noun = 'series' and exists (
        select from bookings b
        where b.series_id = case when e.noun = 'series' then split_part(e.subject, ':', 2)::bigint end and b.ends_at >= before))
      and not exists (select from deliveries d where d.event_id = e.id and d.state not in ('delivered', 'skipped'));
  update deliveries d set event_id = null from forgettable f where d.event_id = f.id;
  delete from events e using forgettable f where e.id = f.id;
  get diagnostics forgotten = row_count;
  perform set_config('sundial.forgetting', 'off', true);
  return forgotten;
end $$;
