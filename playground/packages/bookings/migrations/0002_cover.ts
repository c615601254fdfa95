import { defineMigration } from 'unplugin-migrations/runtime'

// A confirmation keeps showing the picture that was booked, whatever the image's row names later.
export default defineMigration({
  uses: { db: 'sql' },
  dependsOn: ['@acme/images:0003_content_addressed'],
  async up({ db }) {
    await db.script(`
      alter table bookings add column cover text;
      update bookings set cover = (select hash from images where images.id = bookings.image_id);
    `)
  },
  async down({ db }) {
    await db.run`alter table bookings drop column cover`
  },
})
