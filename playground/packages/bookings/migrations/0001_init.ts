import { defineMigration } from 'unplugin-migrations/runtime'

export default defineMigration({
  uses: { db: 'sql' },
  dependsOn: ['@acme/accounts:0001_init', '@acme/images:0001_init'],
  async up({ db }) {
    await db.run`
      create table bookings (
        id integer primary key,
        account_id integer not null references accounts (id),
        image_id integer not null references images (id),
        destination text not null,
        departs text not null,
        nights integer not null check (nights > 0),
        cents integer not null check (cents >= 0)
      )`
  },
  async down({ db }) {
    await db.run`drop table bookings`
  },
})
