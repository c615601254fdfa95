import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
// Frozen: the hash of a migration holds this file. Copy it when another format is to be read here.
import { imageSize } from '../migrations/_image-size.ts'

/** Runs one statement on a database of an application, and answers its rows. */
export type Query = <Row>(
  text: TemplateStringsArray,
  ...values: readonly (string | number)[]
) => Promise<readonly Row[]>

/** Where pictures are: the storages that the migrations of this package were bound to. An application may have several. */
export interface Images {
  readonly query: Query
  /** The root of the files storage. */
  readonly folder: string
}

export interface Picture {
  readonly id: number
  readonly title: string
  readonly caption: string
  /** Below the root of the files storage: `pictures/ab/cd/<hash>.png` or `.jpg`. */
  readonly path: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** SHA-256 of the file, 64 hex digits: two pictures with one hash are one file. */
  readonly hash: string
}

export interface NewPicture {
  readonly title: string
  readonly caption: string
  /** PNG or JPEG. */
  readonly bytes: Uint8Array
}

export function listPictures({ query }: Images): Promise<readonly Picture[]> {
  return query<Picture>`select id, title, caption, path, width, height, hash from images order by id`
}

/** `undefined` where no picture has this hash. */
export async function findPicture({ query }: Images, hash: string): Promise<Picture | undefined> {
  const found = await query<Picture>`
    select id, title, caption, path, width, height, hash from images where hash = ${hash} order by id limit 1`
  return found[0]
}

export function readPicture({ folder }: Images, picture: Picture): Promise<Uint8Array> {
  return readFile(join(folder, picture.path))
}

/** Throws when the bytes are neither PNG nor JPEG. Answers the picture's id. */
export async function addPicture({ query, folder }: Images, { title, caption, bytes }: NewPicture): Promise<number> {
  const { extension, width, height } = imageSize(bytes, title)
  const hash = createHash('sha256').update(bytes).digest('hex')
  const path = `pictures/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.${extension}`
  await writeWhole(join(folder, path), bytes)
  // The row comes last: a crash in between leaves a file that no row names, never a row without its file.
  const [row] = await query<{ id: number }>`
    insert into images (title, caption, path, uploaded, width, height, hash)
    values (${title}, ${caption}, ${path}, ${new Date().toISOString().slice(0, 10)}, ${width}, ${height}, ${hash})
    returning id`
  if (row === undefined) throw new Error(`${title} has no row after its insert`)
  return row.id
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(part, bytes)
  await rename(part, file)
}

export function mediaType(picture: Picture): string {
  return picture.path.endsWith('.png') ? 'image/png' : 'image/jpeg'
}
