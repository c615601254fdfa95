import type { Id } from '../../graph/manifest.ts'
import type { Draft } from '../draft.ts'
import { compareNatural } from '../natural-order.ts'
import type { SourceText } from '../report/position.ts'
import type { Report } from '../report/report.ts'
import type { Change, LockableMigration } from './changes.ts'
import { committedLocks } from './committed.ts'
import { compareLock } from './compare.ts'
import { lockedEdges } from './edges.ts'
import { LOCK_FILE, type LockFile, type LockText, type LockedLine, VERSION } from './lock-file.ts'
import { type LockedOptions, parseOptions, printOptions } from './locked-options.ts'
import { printLock } from './print.ts'
import { readLockText } from './read-text.ts'
import { reportChanges } from './report-changes.ts'
import { reportProblems } from './report-problems.ts'
import { understand } from './understand.ts'
import type { LockUse } from './use.ts'

/** What a scan takes from the lock file, and what it would write there. */
export interface Locked {
  /** The line of each migration. */
  readonly lines: ReadonlyMap<Id, LockedLine>
  /** Places of migrations in their packages: the order of lines, then natural order. */
  readonly places: ReadonlyMap<Id, number>
  /** What installed packages bring and nobody has reviewed, where that is no error: it does not run. */
  readonly leftOut: ReadonlySet<Id>
  /** Removed on purpose. */
  readonly retired: readonly Id[]
  readonly changes: readonly Change[]
  readonly file: LockText
}

/** What a scan found, whatever is wrong with it. */
export interface Found {
  /** Of the application. */
  readonly root: string
  readonly drafts: readonly Draft[]
  /** Whether nobody can tell if a migration is there: it, or its package, cannot be read. */
  readonly isUnread: (owner: string, id: Id) => boolean
  /** By which it was found. */
  readonly options: LockedOptions
}

/** Compares what was found with `migrations.lock`, reports what that forbids, and tells the order that it gives. */
export function readLock({ root, drafts, isUnread, options }: Found, use: LockUse, report: Report): Locked {
  const path = `${root}/${LOCK_FILE}`
  const before = readLockText(path)
  const source: SourceText = { file: path, text: before ?? '' }
  const { lock, problems, at } = before === undefined ? NOTHING : understand(before, use.mode === 'review')
  reportProblems(source, problems, report)
  // What could not be read may hold any of them.
  if (!lock) return { ...whatRuns(drafts, { packages: [] }, [], use), file: { path, after: '' } }
  const { next, changes } = compareLock({
    lock,
    committed: () => committedLocks(root),
    migrations: drafts.map(lockable),
    isUnread,
    own: new Set(drafts.filter(({ carrier }) => carrier.instance.linked).map(({ carrier }) => carrier.identity)),
    review: { isReviewed: before === undefined || use.mode === 'review', accepted: new Set(use.accept) },
  })
  const given = printOptions(options)
  const after = withOptions(next, given)
  // What is no option stands in the way of every other scan.
  const isWritable = given === undefined || parseOptions(given) !== undefined
  const isAsked = before !== undefined && problems.length === 0 && given !== lock.options && isWritable
  const file: LockText = {
    path,
    after,
    ...(before === undefined ? {} : { before }),
    ...(isAsked ? { withOptions: withOptions(lock, given) } : {}),
  }
  reportChanges(
    {
      source,
      at,
      isSound: problems.length === 0,
      drafts: new Map(drafts.map((draft) => [draft.id, draft])),
      use,
      file,
    },
    changes,
    report,
  )
  return { ...whatRuns(drafts, next, changes, use), file }
}

const NOTHING: ReturnType<typeof understand> = { lock: { packages: [] }, problems: [], at: new Map() }

function withOptions({ packages }: LockFile, options: string | undefined): string {
  return printLock(options === undefined ? { packages } : { packages, options })
}

function lockable({ id, name, hash, carrier, metadata }: Draft): LockableMigration {
  const { identity, field, instance } = carrier
  const earlier = (field.formerly ?? []).map((former) => `${former}:${name}`)
  return {
    id,
    package: identity,
    name,
    hash,
    // A package may say anything of itself.
    version: VERSION.test(instance.version) ? instance.version : '0.0.0',
    edges: lockedEdges(identity, metadata.names),
    formerly: [...(metadata.names.get('formerly') ?? []), ...earlier],
    isRepeatable: metadata.traits?.repeatable !== undefined,
  }
}

function whatRuns(
  drafts: readonly Draft[],
  { packages }: LockFile,
  changes: readonly Change[],
  { mode }: LockUse,
): Omit<Locked, 'file'> {
  const all = packages.flatMap(({ name, lines }) =>
    lines.map((line): readonly [Id, LockedLine] => [`${name}:${line.name}`, line]),
  )
  const lines = new Map(all)
  const unlocked = drafts.filter(({ id }) => !lines.has(id)).toSorted((a, b) => compareNatural(a.name, b.name))
  const order = [...lines.keys(), ...unlocked.map(({ id }) => id)]
  const unreviewed = changes.filter(({ kind, isOwn, isApplied }) => kind === 'added' && !isOwn && !isApplied)
  return {
    lines,
    places: new Map(order.map((id, place) => [id, place])),
    leftOut: new Set(mode === 'follow' ? unreviewed.map(({ id }) => id) : []),
    retired: all.flatMap(([id, line]) => (line.retired ? [id] : [])),
    changes,
  }
}
