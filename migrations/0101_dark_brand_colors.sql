-- What a host's pages take where they are dark; null: brand_color, moved as far as it takes to be read there.
alter table users add column brand_color_dark text;
