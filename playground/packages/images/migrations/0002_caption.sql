alter table images add column caption text not null default '';
