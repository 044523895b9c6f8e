-- When somebody opened a link that was mailed to the address; null: nobody has, which keeps nobody from anything.
alter table users add column email_proven_at timestamptz;
