-- Somebody with two mail addresses is one contact: the row of one address leads to that of the other.
alter table contacts
  add column merged_into bigint references contacts on delete set null check (merged_into <> id),
  -- What that added to the other row, to be taken back: {"tags": […], "before": notes, "after": notes}.
  add column merged jsonb;
create index contacts_merged on contacts (merged_into) where merged_into is not null;
