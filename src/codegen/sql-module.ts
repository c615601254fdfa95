import type { SqlModule } from '../graph/manifest.ts'

/** What follows the path of a `.sql` file where a module is meant: other plugins that read `.sql` leave it alone. */
export const SQL_SUFFIX = '?migration'

/** A module with the texts of a `.sql` migration (`SqlModule`). The same on every checkout: LF, no byte order mark. */
export function sqlModule(up: string, down?: string): string {
  const texts: SqlModule['default'] =
    down === undefined ? { up: normalised(up) } : { up: normalised(up), down: normalised(down) }
  return `export default ${JSON.stringify(texts)}\n`
}

function normalised(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
}
