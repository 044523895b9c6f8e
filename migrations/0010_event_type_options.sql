-- Settings of an event type that most leave as they are, by name; what is absent has its default (event-types/rules.ts).
alter table event_types add column options jsonb not null default '{}';
