-- Who books with a mail address of this account, and is not signed in as it, proves the address; others cannot bring it as a guest.
alter table users add column email_guarded boolean not null default false;
create index verified_emails_email on verified_emails (email);
