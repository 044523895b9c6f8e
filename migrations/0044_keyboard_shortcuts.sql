-- Single keys lead to pages, unless somebody wants them to do nothing.
alter table users add column shortcuts boolean not null default true;
