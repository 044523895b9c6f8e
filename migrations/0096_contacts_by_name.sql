-- Contacts are walked by address and then by name, and what is sought is read from the index itself.
drop index attendees_email;
create index attendees_email on attendees (host_id, email, name);
