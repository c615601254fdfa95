-- uses: db
-- dependsOn: @acme/bookings:0001_init
create view trips as
select bookings.id, accounts.email, destination, departs, nights
from bookings join accounts on accounts.id = bookings.account_id;
