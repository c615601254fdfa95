import type { MigrationContext } from 'unplugin-migrations/runtime'
export declare const uses: { db: 'sql' }
export declare const replaces: readonly string[]
export declare function up(context: MigrationContext<{ db: 'sql' }>): Promise<void>
