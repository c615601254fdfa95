import type { Migration } from 'unplugin-migrations/runtime'

export default {
  uses: { db: 'sql', files: 'files' },
  async up({ db, files }) {
    await db.run`
      create table images (
        id integer primary key,
        title text not null,
        path text not null,
        uploaded text not null
      )`
    // A folder exists through the files in it, on a disk as in an object storage: this one says whose folder it is.
    await files.write(
      'pictures/README.txt',
      new TextEncoder().encode('The table images tells what these pictures are.\n'),
    )
  },
} satisfies Migration<{ db: 'sql'; files: 'files' }>
