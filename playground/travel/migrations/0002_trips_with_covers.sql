-- uses: db
-- dependsOn: @acme/accounts:0002_display_name, @acme/bookings:0002_cover
drop view trips;

create view trips as
select bookings.id, accounts.display_name as traveller, destination, departs, nights, cover, images.width, images.height
from bookings
join accounts on accounts.id = bookings.account_id
join images on images.id = bookings.image_id;
