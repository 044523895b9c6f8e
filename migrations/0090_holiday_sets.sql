alter table host_availability
  -- Holidays of faiths and other calendars that are days off beside those of the country.
  add column holiday_sets text[] not null default '{}',
  -- By rule of a holiday, which half of the day is off: 'morning' or 'afternoon'. Absent: the whole day, or as much as the calendar says.
  add column holiday_halves jsonb not null default '{}';
