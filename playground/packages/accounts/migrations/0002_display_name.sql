-- What a page calls somebody; people change it, so it is no computed column.
alter table accounts add column display_name text not null default '';

update accounts set display_name = given_name || ' ' || family_name;
