import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withSlashes } from '../scan/paths.ts'

/** The module that a manifest with squashes imports, beside this one in the package. */
export const SQUASHES: string = withSlashes(
  fileURLToPath(new URL(`../graph/squashed-standing${extname(import.meta.url)}`, import.meta.url)),
)
