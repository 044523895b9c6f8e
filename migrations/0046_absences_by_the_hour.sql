-- Away for part of a day: from a minute of the first date, until a minute of the last. Null: the whole of it.
alter table absences
  add column from_minute smallint check (from_minute between 1 and 1439),
  add column to_minute smallint check (to_minute between 1 and 1439),
  add constraint absences_order check (first_date < last_date or coalesce(from_minute, 0) < coalesce(to_minute, 1440));
