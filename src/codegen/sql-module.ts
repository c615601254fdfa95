import type { SqlModule } from '../graph/manifest.ts'
import { normalizeSql } from '../sql/text.ts'

/** What follows the path of a `.sql` file where a module is meant: other plugins that read `.sql` leave it alone. */
export const SQL_SUFFIX = '?migration'

/** A module with the texts of a `.sql` migration (`SqlModule`), as they are hashed. */
export function sqlModule(up: string, down?: string): string {
  const texts: SqlModule['default'] =
    down === undefined ? { up: normalizeSql(up) } : { up: normalizeSql(up), down: normalizeSql(down) }
  return `export default ${JSON.stringify(texts)}\n`
}
