-- The bad ones of the last days are looked for whenever a host comes home: those of the last days, not all there are.
create index booking_ratings_created on booking_ratings (created_at);
