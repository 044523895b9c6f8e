-- Names and values that programs keep with an account. They mean nothing to the product.
alter table users add column metadata jsonb not null default '{}';
