-- uses: db
-- dependsOn: @acme/accounts:0001_init
-- The pictures are in the second instance of the images component. That is another database, so no foreign key can
-- name its rows.
create table travel_avatars (
  account_id integer primary key references accounts (id),
  image_id integer not null
);
