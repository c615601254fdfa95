import type { MigrationContext } from 'unplugin-migrations/runtime'
export declare const uses: { events: 'kv'; db: 'sql' }
export declare function up(context: MigrationContext<{ events: 'kv'; db: 'sql' }>): Promise<void>
