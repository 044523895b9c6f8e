-- A booking keeps the id of the event type it was made from when that is deleted, so that it belongs to it again when the host takes
-- the deletion back. Ids are never given twice. Whoever reads joins, and finds nothing meanwhile.
alter table bookings drop constraint bookings_event_type_id_fkey;
