import { textOf } from '../replace-file.ts'

/** The text of a lock file. One that is there and cannot be read is no empty one: it has a text that nobody can read either. */
export function readLockText(path: string): string | undefined {
  try {
    return textOf(path)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
