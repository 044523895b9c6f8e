-- Hours that stand in for the weekly ones on some dates; the first layer that holds on a date decides:
-- [{"name": "Summer", "from": "2027-06-01", "to": "2027-08-31", "weeks": {"every": 2, "anchor": "2027-06-07"}, "weekly": []}]
alter table schedules add column layers jsonb not null default '[]';
