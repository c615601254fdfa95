import { same } from './checks.mjs'
import { trueSize } from './seed.mjs'
import { rowsOf } from './snapshot.mjs'

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

/**
 * Whether each picture is at its address, its row agrees with what drew it, and no content is gone.
 * @param {Snapshot} before
 * @param {Snapshot} after
 * @param {readonly import('./seed.mjs').Upload[]} uploads
 */
export function pictureProblems(before, after, uploads) {
  const problems = rowsOf(after, 'images').flatMap((row, index) => {
    const upload = uploads[index]
    if (upload === undefined) return [`image ${row['id']} is new`]
    const hash = before.pictures.get(`pictures/${upload.file}`) ?? ''
    const extension = upload.file.endsWith('.png') || upload.copyOf?.endsWith('.png') ? 'png' : 'jpg'
    const path = `pictures/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.${extension}`
    const { width, height } = trueSize(upload, uploads)
    const { title, caption } = upload
    const found = Object.fromEntries(
      ['title', 'caption', 'path', 'width', 'height', 'hash'].map((key) => [key, row[key]]),
    )
    return [
      ...same(`row of ${upload.file}`, found, { title, caption, path, width, height, hash }),
      ...same(`file of ${upload.file}`, after.pictures.get(path), hash),
    ]
  })
  const files = [...after.pictures.keys()]
  return problems
    .concat(same('contents of all pictures', contents(after), contents(before)))
    .concat(same('number of files', files.length, contents(before).length))
}

/** @param {Snapshot} snapshot */
function contents({ pictures }) {
  return [...new Set(pictures.values())].toSorted()
}
