import { type Dirent, readdirSync } from 'node:fs'

export interface EntryBelow {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly entry: Dirent
}

/**
 * Everything below a folder, in no order: folders too, and links as links, which are not followed.
 *
 * @param isMeant whether anything of that name matters: below a folder that does not, nothing is looked at
 */
export function* entriesBelow(
  folder: string,
  isMeant: (name: string) => boolean = () => true,
): Generator<EntryBelow, void> {
  const folders = ['']
  // The list grows while it is walked.
  for (const below of folders)
    for (const entry of readdirSync(`${folder}/${below}`, { withFileTypes: true })) {
      if (!isMeant(entry.name)) continue
      const path = below + entry.name
      if (entry.isDirectory()) folders.push(`${path}/`)
      yield { path, entry }
    }
}
