import type { BuildCode } from '../../diagnostics/build.ts'
import type { Source } from '../../diagnostics/diagnostic.ts'
import type { Id } from '../../graph/manifest.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { originOf } from '../packages/carriers.ts'
import type { SourceText } from '../report/position.ts'
import { type Case, type Report, sourceAt } from '../report/report.ts'
import type { Change, GuardedChange } from './changes.ts'
import { type LockText, isDifferent } from './lock-file.ts'
import { nextName } from './next-name.ts'
import { offsetOfLine } from './report-problems.ts'
import type { LockUse } from './use.ts'

/** Where changes are, for messages. */
export interface Scene {
  readonly source: SourceText
  /** Nothing is wrong with its text. */
  readonly isSound: boolean
  /** Lines of migrations in the lock file, from 1. */
  readonly at: ReadonlyMap<Id, number>
  readonly drafts: ReadonlyMap<Id, Draft>
  readonly use: LockUse
  readonly file: LockText
}

export const COMMAND = 'npx unplugin-migrations lock'

/**
 * Reports what the lock file forbids: what is guarded and not accepted, what nobody has reviewed, and where the file is
 * frozen every other difference.
 */
export function reportChanges(scene: Scene, changes: readonly Change[], report: Report): void {
  const open = changes.filter(({ isApplied }) => !isApplied)
  const unreviewed = open.filter(({ kind }) => guardedCode(kind) === undefined)
  for (const [owner, all] of byPackage(unreviewed)) reportUnreviewed(scene, owner, all, report)
  for (const [owner, all] of byPackage(open.filter(({ kind }) => kind === 'removed')))
    report.error('MIG_B0506', workable(scene, removal(scene, owner, all, changes)))
  for (const change of open) {
    const code = guardedCode(change.kind)
    if (code && change.kind !== 'removed') report.error(code, workable(scene, guarded(scene, change)))
  }
  const isFrozen = scene.use.mode === 'frozen' && scene.isSound
  if (isFrozen && open.length === 0 && isDifferent(scene.file)) reportFrozen(scene, changes, report)
}

/** The command goes by the options that the file holds, and only a build writes them. */
export function workable({ file, use }: Pick<Scene, 'file' | 'use'>, about: Case): Case {
  if (file.withOptions === undefined || use.mode === 'build') return about
  const first =
    'Before that build once where you work: migrations.lock has other options, and the command goes by those.'
  return { ...about, fix: `${about.fix} ${first}` }
}

const CODES: Readonly<Record<GuardedChange, BuildCode>> = {
  changed: 'MIG_B0505',
  removed: 'MIG_B0506',
  reordered: 'MIG_B0507',
  late: 'MIG_B0508',
  returned: 'MIG_B0511',
}

function guardedCode(kind: Change['kind']): BuildCode | undefined {
  return kind in CODES ? CODES[kind as GuardedChange] : undefined
}

function byPackage(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const same = groups.get(change.package)
    if (same) same.push(change)
    else groups.set(change.package, [change])
  }
  return groups
}

function guarded(scene: Scene, change: Change): Case {
  const { kind, id, line, migration, before = '', isCommitted = true } = change
  const was = isCommitted ? 'committed' : 'in migrations.lock'
  const accept = `${COMMAND} --accept ${id}`
  const sources = sourcesOf(scene, change)
  switch (kind) {
    case 'late':
      return {
        message: `${id} is new, but its name comes before ${before}, which is committed: what runs may already be behind it.`,
        fix: `Rename it so that it comes last, for example to ${nextName(migration?.name ?? '', before)}, or let it follow as it is: ${accept}`,
        sources,
      }
    case 'reordered':
      return {
        message: `${id} is ${was}, and the edges that it declares have changed.`,
        fix: `Take the change back, or accept it: ${accept}`,
        sources,
      }
    case 'returned':
      return {
        message: `${id} is here again, but its line says that it was removed on purpose.`,
        fix: `Remove it, or accept that it is back: ${accept}`,
        sources,
      }
    default:
      return {
        message: `${id} is ${was}, and does something else now than when it was: ${line?.hash.slice(0, 15) ?? ''}… became ${migration?.hash.slice(0, 15) ?? ''}….`,
        fix: `Take the change back and write a new migration. Where nothing that runs has the old one, or both do the same: ${accept}`,
        sources,
      }
  }
}

function removal(scene: Scene, owner: string, all: readonly Change[], changes: readonly Change[]): Case {
  const isGone = ![...scene.drafts.values()].some(({ carrier }) => carrier.identity === owner)
  const hashes = new Set(all.map(({ line }) => line?.hash))
  const again = changes.find(({ kind, migration }) => kind !== 'removed' && hashes.has(migration?.hash))?.migration
  const renamed = again && again.package !== owner ? again.package : undefined
  const sources = all.slice(0, 1).flatMap((change) => sourcesOf(scene, change))
  if (renamed !== undefined)
    return {
      message: `The package ${owner} is gone, and ${renamed} brings what it had: ${named(all)}.`,
      fix: `If it was renamed, say so in the package.json of ${renamed}: "migrations": { …, "formerly": ["${owner}"] }`,
      sources,
    }
  return {
    message: isGone
      ? `The package ${owner} is gone, and with it ${named(all)}.`
      : `${named(all)} of ${owner} ${all.length === 1 ? 'is' : 'are'} gone.`,
    fix: `Put ${all.length === 1 ? 'it' : 'them'} back, or say that ${all.length === 1 ? 'it was' : 'they were'} removed on purpose: ${COMMAND} --accept ${isGone ? owner : all.map(({ id }) => id).join(' --accept ')}`,
    sources,
  }
}

/** What an installed package brings that nobody has looked at. In development it does not run, and is told. */
function reportUnreviewed(scene: Scene, owner: string, all: readonly Change[], report: Report): void {
  const [first] = all
  const draft = first && scene.drafts.get(first.id)
  const version = draft ? `@${draft.carrier.instance.version}` : ''
  const origin = draft ? originOf(draft.carrier.instance) : ''
  const count = all.length === 1 ? 'a migration' : `${all.length} migrations`
  const isAdded = all.every(({ kind }) => kind === 'added')
  const about = workable(scene, {
    message: `${owner}${version} ${isAdded ? `brings ${count}` : `changes ${count}`} that nobody has reviewed: ${named(all)}.${origin}`,
    fix: `Read ${all.length === 1 ? 'it' : 'them'}, then run: ${COMMAND}`,
    sources: first ? sourcesOf(scene, first) : [],
  })
  if (scene.use.mode === 'follow' && isAdded)
    report.warning('MIG_B0509', {
      ...about,
      message: `${about.message} Until then ${all.length === 1 ? 'it is' : 'they are'} left out.`,
    })
  else report.error('MIG_B0509', about)
}

function reportFrozen(scene: Scene, changes: readonly Change[], report: Report): void {
  const { file, source } = scene
  const what =
    file.before === undefined
      ? 'There is no migrations.lock, and where it is frozen none is written.'
      : `migrations.lock is not up to date, and where it is frozen it is not written: ${named(changes)}.`
  const about = {
    message: what,
    fix: `Run this where you work, and commit the file: ${COMMAND}`,
    sources: file.before === undefined ? [] : [sourceAt(source, 0)],
  }
  report.error('MIG_B0510', workable(scene, about))
}

/** Ids that a message names; the rest is counted. */
const NAMED = 10

function named(changes: readonly Change[]): string {
  const ids = [...new Set(changes.map(({ id }) => id))]
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : ''
  return ids.length === 0 ? 'its text' : ids.slice(0, NAMED).join(', ') + more
}

/** The migration, then its line. */
function sourcesOf({ drafts, at, source }: Scene, { id, line }: Change): readonly Source[] {
  const draft = drafts.get(id)
  const number = line && at.get(id)
  return [
    ...(draft ? [sourceAt(draft.source, offsetIn(draft))] : []),
    ...(number === undefined ? [] : [sourceAt(source, offsetOfLine(source.text, number))]),
  ]
}
