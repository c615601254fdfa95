import { explain, graphOf, planMigrations, situationOf, type PlanRequest } from 'unplugin-migrations/graph'
import { defineMigration, type KnownId, type KnownIds } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'

// What the build found.
export const known: readonly (keyof KnownIds)[] = ['shop:0001_settings', 'shop:0002_notes']

// @ts-expect-error the build found no such migration
export const unknown: keyof KnownIds = 'shop:0003_gone'

// Others are taken too: a package does not know what it will be installed beside.
export const others: readonly KnownId[] = ['shop:0001_settings', '@acme/images:0001_init', '@acme/images@base']
defineMigration({ uses: {}, dependsOn: others, runBefore: ['shop:0002_notes', 'other:0001'], async up() {} })

const graph = graphOf(manifest.migrations)
const request: PlanRequest = { direction: 'up', targets: ['shop:0002_notes', 'shop@head'], skip: ['other:0001'] }
planMigrations(situationOf(graph, ['shop:0001_settings', 'other:0001']), request)
explain(graph, 'other:0001')

// @ts-expect-error an id is a text
explain(graph, 1)
