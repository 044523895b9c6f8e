-- Words of one or two letters, which trigrams do not know, are found by an index, too: often they are whole names, as in Chinese.

-- Each letter of a text, and each two that stand next to each other. Its cost keeps the planner from trying it on row after row.
create function short_parts(written text) returns text[] language sql immutable strict parallel safe cost 1000
return (
  select letters || array(select a || b from unnest(letters, letters[2:]) pair (a, b) where b is not null)
  from (select string_to_array(lower(written), null) as letters) spelled
);

-- A row has some forty of them: they are entered for many rows at once, and what waits to be is short enough to be read by every search.
create index attendees_short on attendees using gin (host_id, short_parts(name || ' ' || email)) with (gin_pending_list_limit = 256);
create index bookings_short on bookings using gin (host_id, short_parts(title)) with (gin_pending_list_limit = 256);

-- Most contacts have no tags; those that have are counted by them. Tags themselves may be longer than an index has room for.
create index contacts_tagged on contacts (user_id) where tags <> '{}' and merged_into is null;
