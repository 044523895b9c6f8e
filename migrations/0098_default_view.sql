-- What a host's bookings open with.
alter table booking_views add column is_default boolean not null default false;
create unique index booking_views_default on booking_views (user_id) where is_default;
