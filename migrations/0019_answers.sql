-- What each attendee answered, with the questions as they were asked: [{"key", "label", "type", "hidden", "value"}].
alter table attendees add column answers jsonb not null default '[]';
