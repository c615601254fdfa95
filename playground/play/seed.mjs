import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodePng } from './png.mjs'
import { drawScene } from './scene.mjs'

const older = fileURLToPath(new URL('../older-release/', import.meta.url))

/**
 * A picture as people uploaded it to the older site. Drawn here, or a file of this folder, or the bytes of another.
 * @typedef {object} Upload
 * @property {string} file
 * @property {string} title
 * @property {string} caption
 * @property {string} uploaded
 * @property {import('./scene.mjs').Scene} [scene]
 * @property {string} [copyOf]
 * @property {number} [width] Of a file of this folder.
 * @property {number} [height]
 */

/** @returns {Promise<readonly Upload[]>} */
export async function readUploads() {
  return JSON.parse(await readFile(join(older, 'pictures.json'), 'utf8'))
}

/**
 * Pixels of an upload, from what drew it: the truth that the migration has to find in the file.
 * @param {Upload} upload
 * @param {readonly Upload[]} uploads
 * @returns {{ readonly width: number, readonly height: number }}
 */
export function trueSize(upload, uploads) {
  const original = uploads.find(({ file }) => file === upload.copyOf) ?? upload
  const { width = 0, height = 0 } = original.scene ?? original
  return { width, height }
}

/**
 * Fills the storages of the older site with what its people left there.
 * @param {import('./installation.mjs').Installation} installation Whose storages the older site has migrated.
 */
export async function seed({ data, database, events }) {
  const uploads = await readUploads()
  const pictures = join(data, 'files/pictures')
  for (const { file, scene, copyOf } of uploads) {
    if (copyOf !== undefined) await copyFile(join(pictures, copyOf), join(pictures, file))
    else if (scene === undefined) await copyFile(join(older, 'pictures', file), join(pictures, file))
    else await writeFile(join(pictures, file), encodePng(scene.width, scene.height, drawScene(scene)))
  }

  /** @type {{ readonly accounts: readonly object[], readonly bookings: readonly object[], readonly visits: Readonly<Record<string, readonly object[]>> }} */
  const rows = JSON.parse(await readFile(join(older, 'rows.json'), 'utf8'))
  await database.insert('accounts', rows.accounts)
  await database.insert(
    'images',
    uploads.map(({ file, title, caption, uploaded }, index) => ({
      id: index + 1,
      title,
      path: `pictures/${file}`,
      uploaded,
      caption,
    })),
  )
  await database.insert('bookings', rows.bookings)
  await events.add(new Map(Object.entries(rows.visits).map(([visitor, seen]) => [`visitor/${visitor}`, seen])))
}
