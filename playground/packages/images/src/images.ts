import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Runs one SELECT with `?` for each value: all that this component asks of an application's database. */
export type Query = <Row>(text: string, ...values: readonly (string | number)[]) => readonly Row[]

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

export function listPictures(query: Query): readonly Picture[] {
  return query<Picture>('select id, title, caption, path, width, height, hash from images order by id')
}

/** `undefined` where no picture has this hash. */
export function findPicture(query: Query, hash: string): Picture | undefined {
  return query<Picture>(
    'select id, title, caption, path, width, height, hash from images where hash = ? order by id limit 1',
    hash,
  )[0]
}

/** `root` is the folder of the files storage. */
export function readPicture(root: string, picture: Picture): Promise<Uint8Array> {
  return readFile(join(root, picture.path))
}

export function mediaType(picture: Picture): string {
  return picture.path.endsWith('.png') ? 'image/png' : 'image/jpeg'
}
