import { begunIn } from '../../graph/begun.ts'
import type { HistoryFinding } from '../../graph/history.ts'
import { packageOf } from '../../graph/manifest.ts'
import type { Entry } from '../entry.ts'
import { isApplied } from '../entry-data.ts'
import type { BoundMigration } from '../binding.ts'
import { type Run, idsOf, isCurrent } from '../run.ts'
import type { Survey } from '../survey.ts'
import { assertCapable } from './capable.ts'

/** Whether the state's last entry cannot tell: what of the held ones is applied, and what is to run in every run. @throws MigrationError `MIG_R0118` */
export function needsLogs(run: Run): boolean {
  assertCapable(run)
  return run.manifest.migrations.some(({ held, traits }) => held ?? traits?.repeatable === 'always')
}

/**
 * Repeatable migrations are pending again, what was skipped is left alone, held ones wait with all that follows them, and deferrable ones wait where the
 * mode leaves them to another run.
 */
export function surveyTraits(run: Run, { history, ...found }: Survey): Survey {
  const { options, applied, migrations } = run
  const pending = new Set(found.runnable)
  const own = new Set(applied.map(({ id }) => id))
  const open = migrations.filter(
    (bound) => pending.has(bound) || (!own.has(bound.migration.id) && isDueAgain(run, bound)),
  )
  const due = withoutAsked(run, open)
  const firstHeld = options.held === 'run' ? -1 : due.findIndex(({ migration }) => migration.held)
  const end = firstHeld < 0 ? due.length : firstHeld
  const isLeft = ({ migration }: BoundMigration, place: number): boolean =>
    place >= end || (options.mode === 'required' && migration.traits?.deferrable === true)
  const known = new Map(migrations.map((bound) => [bound.migration.id, bound]))
  const findings = [
    ...history.findings.filter(({ kind, id }) => !isExpected(run, kind, known.get(id))),
    ...begunWithoutCode(run, history),
  ]
  const waiting = due.filter(isLeft)
  // Neither held nor deferred migrations are part of the digest. What waits behind them is.
  const isLess = waiting.some(({ migration }) => !migration.held && !migration.traits?.deferrable)
  const complete = !isLess && !findings.some(({ kind }) => kind === 'changed')
  const runnable = due.filter((bound, place) => !isLeft(bound, place))
  return { history: { ...history, findings }, runnable, waiting, complete }
}

/**
 * Without what this build's runs have asked about, and skipped, with what depends on it: where the storages are as such a
 * run has left them. Somebody who asks for what is held back asks for this too.
 */
function withoutAsked(run: Run, open: readonly BoundMigration[]): readonly BoundMigration[] {
  const { migrations, options } = run
  if (options.held === 'run' || !isCurrent(run)) return open
  const skipped = new Set<BoundMigration | undefined>()
  for (const bound of open) {
    const { has, held, traits, parents } = bound.migration
    const isAsked = has.includes('when') && !held && traits?.repeatable !== 'always'
    const isLeft = options.mode === 'required' && traits?.deferrable === true
    if (!isLeft && (isAsked || parents.some((index) => skipped.has(migrations[index])))) skipped.add(bound)
  }
  return open.filter((bound) => !skipped.has(bound))
}

/** Of a migration that ran in part, and is gone from the code, no entry stands. */
function begunWithoutCode(
  { manifest, storages }: Run,
  { replaced, findings }: Survey['history'],
): readonly HistoryFinding[] {
  const { migrations, retired } = manifest
  const known = new Set([
    ...migrations.flatMap(({ id, formerly }) => [id, ...formerly]),
    ...replaced,
    ...idsOf(findings),
  ])
  const present = new Set(migrations.map(({ id }) => packageOf(id)))
  const begun = [
    ...begunIn(
      storages.map(({ entries }) => entries),
      migrations,
    ),
  ]
  const gone = begun.filter((id) => !known.has(id) && present.has(packageOf(id)))
  return gone.map((id) => ({ kind: retired.includes(id) ? 'retired' : 'unknown', id }))
}

/** A repeatable that changed is to run again, and what was skipped or left to another run comes late because it was. */
function isExpected(run: Run, kind: string, bound: BoundMigration | undefined): boolean {
  const { migration } = bound ?? {}
  // Nobody knows which of two that have the same number is the later one.
  if (bound && kind === 'changed') return migration?.traits?.repeatable !== undefined && !isSameRevision(run, bound)
  return kind === 'late' && (migration?.has.includes('when') || migration?.traits?.deferrable) === true
}

function isDueAgain({ manifest }: Run, bound: BoundMigration): boolean {
  const { hash, traits = {} } = bound.migration
  if (traits.repeatable === 'always') return true
  if (traits.repeatable !== 'onChange') return false
  const entry = appliedEntry(bound)
  if (entry === undefined || entry.hash === hash) return false
  // Nobody has written the number down yet: what is undone counts from where it was.
  if (manifest.development) return true
  const revision = revisionOf(entry)
  // An older build, beside a newer one that has run already.
  return traits.revision === undefined || revision === undefined || traits.revision > revision
}

/** Of one that changes are numbered of, and where the number counts. */
function isSameRevision({ manifest }: Run, bound: BoundMigration): boolean {
  const { repeatable, revision } = bound.migration.traits ?? {}
  if (manifest.development || repeatable !== 'onChange' || revision === undefined) return false
  return revisionOf(appliedEntry(bound)) === revision
}

function appliedEntry({ migration, committer }: BoundMigration): Entry | undefined {
  const standing = committer.standing()
  const names = [migration.id, ...migration.formerly]
  return names.map((name) => standing.get(name)).find((known) => known && isApplied(known))
}

function revisionOf(entry: Entry | undefined): number | undefined {
  const { revision } = Object(entry?.data) as { readonly revision?: unknown }
  return typeof revision === 'number' ? revision : undefined
}
