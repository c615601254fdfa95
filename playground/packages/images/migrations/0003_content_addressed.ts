import type { Migration } from 'unplugin-migrations/runtime'
import { imageSize } from './_image-size.ts'

export default {
  uses: { db: 'sql', files: 'files' },
  async up({ db, files, log, progress }) {
    await db.script(`
      alter table images add column width integer;
      alter table images add column height integer;
      alter table images add column hash text;
    `)
    const uploads = await db.rows<{ path: string }>`select distinct path from images order by path`
    const kept = new Map<string, string>()
    for (const [index, { path }] of uploads.entries()) {
      const bytes = await files.read(path).catch((cause: unknown) => {
        throw new Error(`The table images names ${path}, which cannot be read: restore the file or delete the row`, {
          cause,
        })
      })
      const { extension, width, height } = imageSize(bytes, path)
      const hash = await sha256(bytes)
      const address = `pictures/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.${extension}`
      await db.run`
        update images set path = ${address}, width = ${width}, height = ${height}, hash = ${hash} where path = ${path}`

      const twin = kept.get(address)
      if (twin === undefined) {
        await files.move(path, address)
        kept.set(address, path)
      } else {
        // The same bytes under two names: a content address holds them once.
        await files.remove(path)
        log(`${path} is the same picture as ${twin}`)
      }
      progress(index + 1, uploads.length)
    }
  },
  // The names under which the pictures were uploaded are not kept.
  down: false,
  async verify({ db }) {
    const bare = await db.rows<{ id: number }>`
      select id from images where hash is null or width is null or height is null`
    if (bare.length > 0) throw new Error(`No size or hash for the images ${bare.map(({ id }) => id).join(', ')}`)
  },
} satisfies Migration<{ db: 'sql'; files: 'files' }>

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
