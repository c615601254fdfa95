create table accounts (
  id integer primary key autoincrement,
  email text not null,
  given_name text not null,
  family_name text not null
);

create unique index accounts_email on accounts (lower(email));
