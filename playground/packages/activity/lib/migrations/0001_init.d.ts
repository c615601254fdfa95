import type { MigrationContext } from 'unplugin-migrations/runtime'
export declare const uses: { events: 'kv' }
export declare function up(context: MigrationContext<{ events: 'kv' }>): Promise<void>
