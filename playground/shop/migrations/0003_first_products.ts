import { defineMigration } from 'unplugin-migrations/runtime'

/** What the shop opens with. Pictures: 8 x 8 pixels of the jacket's colour, as PNG in base64. */
const JACKETS = [
  {
    title: 'Rain jacket, forest',
    cents: 12900,
    png: 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGOUdjZiwAYYh5YEAPTjBIltbfPNAAAAAElFTkSuQmCC',
  },
  {
    title: 'Rain jacket, harbour',
    cents: 12900,
    png: 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGPU9qljwAYYh5YEAE/lB7FBjCOxAAAAAElFTkSuQmCC',
  },
  {
    title: 'Rain jacket, saffron',
    cents: 14900,
    png: 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8skiDARtgHFoSAA8eDfmQ9k25AAAAAElFTkSuQmCC',
  },
]

// Rows of two packages and their files, committed together.
export default defineMigration({
  uses: { db: 'sql', files: 'files' },
  dependsOn: ['@acme/images:0003_content_addressed'],
  async up({ db, files }) {
    for (const { title, cents, png } of JACKETS) {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
      const hash = await sha256(bytes)
      const path = `pictures/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.png`
      await files.write(path, bytes)
      const [image] = await db.rows<{ id: number }>`
        insert into images (title, path, uploaded, width, height, hash)
        values (${title}, ${path}, '2025-03-01', 8, 8, ${hash})
        returning id`
      if (image === undefined) throw new Error(`${title} has no picture`)
      await db.run`insert into products (title, cents, image_id) values (${title}, ${cents}, ${image.id})`
    }
  },
})

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
