import type { Id, Manifest } from '../graph/manifest.ts'
import { destructiveOf } from '../graph/traits.ts'
import { unsettled } from './deferred/unsettled.ts'
import { enforce } from './enforce.ts'
import type { Finding, Options } from './options.ts'
import { type Run, createRun } from './run.ts'
import { catchUp } from './migrate.ts'
import { type Survey, survey } from './survey.ts'

export interface PlannedMigration {
  readonly id: Id
  /** Names of the adapters whose storages it changes; the one that commits first. */
  readonly targets: readonly [string, ...string[]]
  /** `waiting`: held by the development server, or behind one that is. */
  readonly when: 'now' | 'waiting'
  /** Loses data on purpose. */
  readonly destructive?: true
}

export interface Plan {
  /** In the order in which they would run. */
  readonly migrations: readonly PlannedMigration[]
  /** Ids of committed migrations whose staged work the next run puts in place before anything else. */
  readonly settling: readonly Id[]
  readonly findings: readonly Finding[]
}

/**
 * What `migrate` would do now. Reads the logs, changes nothing, loads no migration.
 *
 * @throws MigrationError where `migrate` would refuse to start
 */
export async function plan<Name extends string>(
  manifest: Manifest,
  options: Options<Name> | (() => Options<Name>),
): Promise<Plan> {
  const run = createRun(manifest, options)
  run.traits?.assertCapable(run)
  const found = await readAndSurvey(run)
  enforce(run, found.history.findings)
  const waiting = new Set(found.waiting)
  const pending = new Set([...found.runnable, ...found.waiting])
  const migrations = run.migrations
    .filter((bound) => pending.has(bound))
    .map((bound): PlannedMigration => {
      const others = bound.storages.filter((storage) => storage !== bound.committer)
      const targets: [string, ...string[]] = [bound.committer.name, ...others.map(({ name }) => name)]
      const { id, traits } = bound.migration
      return { id, targets, when: waiting.has(bound) ? 'waiting' : 'now', ...destructiveOf(traits) }
    })
  return { migrations, settling: settling(run), findings: run.findings }
}

export async function readAndSurvey(run: Run): Promise<Survey> {
  await (run.several?.readHeads(run) ?? run.state.readHead())
  await catchUp(run)
  return survey(run)
}

export function settling(run: Run): readonly Id[] {
  return run.storages.flatMap((storage) => unsettled(storage).flatMap(({ id }) => id ?? []))
}
