import { type Traits, packageOf } from '../graph/manifest.ts'
import { runTraits } from '../graph/traits.ts'
import type { ManifestData, MigrationData } from './manifest-data.ts'

/** Fields of a manifest that hold code of the runtime's. */
export type StrategyName = 'squashes' | 'traits' | 'storages' | 'scripts' | 'statements'

/** The specifier of each one's module, whose default export is the value of the field. */
export type StrategyModules = Readonly<Record<StrategyName, string>>

/** The code that a manifest brings, so that a bundle carries only what its migrations ask for. */
export function strategiesOf({ migrations }: ManifestData): readonly StrategyName[] {
  const asked: Readonly<Record<StrategyName, boolean>> = {
    squashes: migrations.some(({ replaces }) => replaces.length > 0),
    traits: migrations.some(runsInItsOwnWay),
    storages: rolesOf(migrations).size > 1,
    scripts: migrations.filter(isScript).length > 1,
    statements: migrations.some(({ traits }) => [traits, ...(traits?.steps ?? [])].some(isOutside)),
  }
  return (['squashes', 'traits', 'storages', 'scripts', 'statements'] as const).filter((name) => asked[name])
}

function runsInItsOwnWay({ has, held, traits }: MigrationData): boolean {
  // Whoever runs a migration again after a crash asks for it; without one it changes nothing.
  const { idempotent: _, ...others } = runTraits(traits)
  const members = ['when', 'probe', 'steps'] as const
  return held === true || Object.keys(others).length > 0 || members.some((member) => has.includes(member))
}

function isOutside(traits: Pick<Traits, 'transaction'> | undefined): boolean {
  return traits?.transaction === false
}

/** Whether PostgreSQL may get its text in one message with others. */
function isScript({ format, variants, traits }: MigrationData): boolean {
  const isPlain = Object.keys(runTraits(traits)).length === 0
  return format === 'sql' && isPlain && (variants.length === 0 || variants.includes('postgres'))
}

/** Roles that the application may bind to different storages. */
function rolesOf(migrations: readonly MigrationData[]): ReadonlySet<string> {
  return new Set(migrations.flatMap(({ id, uses }) => Object.keys(uses).map((role) => `${packageOf(id)} ${role}`)))
}
