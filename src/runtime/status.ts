import type { Id, Manifest } from '../graph/manifest.ts'
import { replacedBy } from '../graph/replaced-by.ts'
import { destructiveOf } from '../graph/traits.ts'
import type { StateCapabilities } from './adapter.ts'
import type { BoundMigration } from './binding.ts'
import type { Entry } from './entry.ts'
import { isApplied, upData } from './entry-data.ts'
import type { Finding, Options } from './options.ts'
import { readAndSurvey, settling } from './plan.ts'
import { type Run, createRun } from './run.ts'
import { judge } from './enforce.ts'

export type MigrationStatus = {
  readonly id: Id
  readonly version: string
  readonly target: string
  /** Loses data on purpose, or has lost it. */
  readonly destructive?: true
} & (
  | { readonly state: 'pending' | 'waiting' }
  /** Not used on these storages: a squash in place of what it replaces, or what it replaces in place of a squash. */
  | { readonly state: 'aside'; readonly by: readonly Id[] }
  /** A squash counts as applied where all that it replaces is, also when that is gone: then attempt and time are of one of those. */
  | { readonly state: 'applied' | 'settling'; readonly attempt: string; readonly at: string; readonly ms: number }
)

export interface Status {
  /**
   * Of the state store. `lazy`: a crash of its machine may take back what it has acknowledged, as it may in SQLite with
   * `synchronous = OFF`, or in Redis.
   */
  readonly durability: StateCapabilities['durability']
  /** Every migration of the manifest, in order. */
  readonly migrations: readonly MigrationStatus[]
  /** Everything that a policy would decide on, whatever the policies are. */
  readonly findings: readonly Finding[]
}

/**
 * Where every migration stands. Reads the logs, changes nothing, loads no migration.
 *
 * @throws MigrationError when a log cannot be read, or the storages do not belong together
 */
export async function status<Name extends string>(
  manifest: Manifest,
  options: Options<Name> | (() => Options<Name>),
): Promise<Status> {
  const run = createRun(manifest, options)
  const found = await readAndSurvey(run)
  const waiting = new Set(found.waiting)
  const open = new Set(settling(run))
  const { instead } = found.history
  const migrations = run.migrations.map((bound, index): MigrationStatus => {
    const { id, formerly, version, traits } = bound.migration
    const about = { id, version, target: bound.committer.name, ...destructiveOf(traits) }
    const up = appliedEntry(bound) ?? (found.history.applied[index] ? replacedEntry(run, bound) : undefined)
    const by = instead.get(index)?.map((position) => manifest.migrations[position]?.id ?? '')
    if (!up && by) return { ...about, state: 'aside', by }
    if (!up) return { ...about, state: waiting.has(bound) ? 'waiting' : 'pending' }
    const { attempt, at } = up
    const isOpen = [id, ...formerly, up.id].some((name) => name !== null && open.has(name))
    return { ...about, state: isOpen ? 'settling' : 'applied', attempt, at, ms: upData(up).ms ?? 0 }
  })
  const findings = judge(run, found.history.findings).map(({ code, id, text }) => ({ code, id, text }))
  return { durability: run.state.adapter.state?.durability ?? 'lazy', migrations, findings }
}

function appliedEntry({ migration, committer }: BoundMigration): Entry | undefined {
  const standing = committer.standing()
  return [migration.id, ...migration.formerly].map((id) => standing.get(id)).find((entry) => entry && isApplied(entry))
}

/** Of what a squash stands for: the last one in the logs. The state tells of storages that are not bound. */
function replacedEntry({ manifest, targets, state }: Run, { migration }: BoundMigration): Entry | undefined {
  const replaced = replacedBy(manifest, migration.id)
  const isOne = (entry: Entry): boolean => entry.id !== null && replaced.has(entry.id) && isApplied(entry)
  return [...targets, state].flatMap(({ entries }) => entries.findLast(isOne) ?? [])[0]
}
