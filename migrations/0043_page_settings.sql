-- How a host's pages look to others, apart from how the host sees the product.
alter table users
  add column page_theme text not null default 'system' check (page_theme in ('system', 'light', 'dark')),
  add column hide_branding boolean not null default false,
  -- Search engines are told to leave pages out until their host says otherwise.
  add column search_indexed boolean not null default false,
  -- {"enabled": ["month"], "default": "month"}, what new event types begin with; null: what the product has
  add column default_layouts jsonb,
  -- A session ends after so long without use; null: after the usual time.
  add column session_minutes integer check (session_minutes between 5 and 43200);
-- One theme was for both.
update users set page_theme = theme;
