import type { SqlModule } from '../../graph/manifest.ts'
import { runTraits } from '../../graph/traits.ts'
import type { Scripts } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import { isApplied } from '../entry-data.ts'
import type { Run } from '../run.ts'
import type { LoadedScript } from './scripts.ts'

/** At most so much goes into one message: what is told of a run is told between messages. */
const MOST = 100
const LONGEST = 1_000_000

/** Whether a migration may share its message with others. Hooks stand before and after each. */
export function mayFollow({ options }: Run, bound: BoundMigration): boolean {
  return !options.hooks && isScript(bound)
}

/**
 * A script and those right behind it on its storage that have nothing to wait for but each other. Ends early, never with
 * an error: what cannot be loaded or sent with others is left to be run alone.
 */
export async function scriptsFrom(
  run: Run,
  first: BoundMigration,
  runnable: readonly BoundMigration[],
  scripts: Scripts,
): Promise<readonly LoadedScript[]> {
  const { committer } = first
  const found: LoadedScript[] = []
  const members = new Set<BoundMigration>()
  const isReady = ({ migration: { parents, after } }: BoundMigration): boolean =>
    parents.every((index) => isDone(run, run.migrations[index], members)) &&
    after.every((index) => !isPlanned(run, run.migrations[index], members))
  let length = 0
  for (const bound of runnable.slice(runnable.indexOf(first))) {
    if (!bound.storages.includes(committer)) continue
    if (!isScript(bound) || !isReady(bound) || members.size === MOST) break
    const text = await textOf(bound)
    if (text === undefined || !scripts.accepts(text)) break
    length += text.length
    if (length > LONGEST && members.size > 0) break
    members.add(bound)
    found.push({ bound, text })
  }
  return found
}

function isScript({ storages, migration: { format, has, traits } }: BoundMigration): boolean {
  const isPlain = Object.keys(runTraits(traits)).length === 0
  return format === 'sql' && storages.length === 1 && isPlain && !has.some((member) => !PLAIN.includes(member))
}
const PLAIN: readonly string[] = ['up', 'down', 'irreversible']

/** What is not in the logs by its own name (skipped, replaced, renamed) is for those to judge who run one migration. */
function isDone(run: Run, before: BoundMigration | undefined, members: ReadonlySet<BoundMigration>): boolean {
  if (!before || members.has(before)) return before !== undefined
  const entry = before.committer.standing().get(before.migration.id)
  return entry !== undefined && isApplied(entry) && !isPlanned(run, before, members)
}

function isPlanned(run: Run, before: BoundMigration | undefined, members: ReadonlySet<BoundMigration>): boolean {
  return before !== undefined && run.planned.has(before.migration.id) && !members.has(before)
}

async function textOf({ migration, committer }: BoundMigration): Promise<string | undefined> {
  try {
    return ((await migration.load(committer.adapter.dialect)) as SqlModule).default.up
  } catch {
    return undefined
  }
}
