import type { Adapter, Scripts } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import type { Entry } from '../entry.ts'
import { upData } from '../entry-data.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import { stopIfAborted } from '../patience.ts'
import { exclusively } from '../queue.ts'
import { record } from '../record.ts'
import { type Run, draft, overtakings, recordFields } from '../run.ts'
import type { Draft, Storage } from '../storage.ts'
import { mayFollow, scriptsFrom } from './following.ts'
import type { RunOne } from '../several/storages.ts'
import type { LoadedScript, RunScripts, ScriptsOf } from './scripts.ts'

/** The runtime's part of `Scripts`. @param brought for adapters that have none of their own */
export function scriptRunner(brought: ScriptsOf): RunScripts {
  const scriptsOf = (adapter: Adapter): Scripts | undefined => adapter.scripts ?? brought(adapter)
  return ({ runnable, complete }, runOne) => {
    const done = new Set<BoundMigration>()
    const runFrom: RunOne = async (run, bound, isLast) => {
      const scripts = scriptsOf(bound.committer.adapter)
      if (!scripts) return runOne(run, bound, isLast)
      const following = await scriptsFrom(run, bound, runnable, scripts)
      if (following.length < 2) return runOne(run, bound, isLast)
      const members = new Set(following.map((script) => script.bound))
      const isAll = runnable.every((one) => members.has(one) || !run.planned.has(one.migration.id))
      const before = bound.committer.overtakings
      if (await runTogether(run, bound.committer, following, complete && isAll, scripts))
        for (const one of members) done.add(one)
      // None of them took effect, and nobody else was first: alone it tells why.
      else if (bound.committer.overtakings === before) await runOne(run, bound, isLast)
    }
    return async (run, bound, isLast) => {
      if (!done.has(bound)) await (mayFollow(run, bound) ? runFrom : runOne)(run, bound, isLast)
    }
  }
}

/**
 * Runs scripts to their end. Logs must be caught up. Where some of them are not committed, whatever the reason is, the
 * log is read and the storage is overtaken if there is anything new.
 *
 * @returns whether all are applied and recorded
 * @throws MigrationError `MIG_R0202` where the log cannot be read, and what it throws where it cannot be continued
 */
async function runTogether(
  run: Run,
  committer: Storage,
  following: readonly LoadedScript[],
  complete: boolean,
  scripts: Scripts,
): Promise<boolean> {
  stopIfAborted(run.signal)
  const known = overtakings(run)
  const { name, adapter, last } = committer
  const open = last?.open ?? 0
  const start = committer.nextSerial
  const units = following.map(({ bound, text }, index) => {
    const { id, hash } = bound.migration
    const generation = (committer.standing().get(id)?.generation ?? 0) + 1
    const serial = start + index
    const target = committer.target ?? ''
    const entry = draft({ serial, kind: 'up', id, target, generation, hash, done: false, open })
    const isLast = index === following.length - 1
    const final = { data: { ms: 0, redo: [] }, ...recordFields(run, committer, complete && isLast) }
    return { entry, text, final, about: { id, target: name, attempt: entry.attempt } }
  })
  for (const { about } of units) await run.emit({ type: 'started', kind: 'up', ...about })
  const [first] = units
  const commit = async (): Promise<'done' | 'stopped' | 'lost'> => {
    const answer = committer.nextSerial === start ? await scripts.send(units) : 'stopped'
    if (typeof answer === 'string') return answer
    for (const [index, { entry, final }] of units.entries())
      committer.committed({ ...entry, ...final, data: { ms: answer[index] ?? 0, redo: [] }, done: true })
    return 'done'
  }
  const outcome = await committer
    .patiently(() => exclusively([adapter.client], commit))
    .catch((error: unknown): 'stopped' => {
      // Waited too long, or told to stop. Of any other error the first one says more when it runs alone.
      if (error instanceof MigrationError) throw withDetails(error, first?.about ?? {})
      return 'stopped'
    })
  if (outcome !== 'done') await readAgain(run, committer, outcome, first?.about)
  const committed = units.flatMap(({ about }, index) => {
    const entry: Entry | undefined = committer.entries[start + index]
    return entry?.attempt === about.attempt ? { ...about, ms: upData(entry).ms } : []
  })
  for (const { ms: _, ...about } of committed) void run.emit({ type: 'committed', ...about })
  for (const { id } of committed) run.planned.delete(id)
  run.applied.push(...committed)
  const isWhole = committed.length === units.length
  if (committed.length > 0) await record(run, complete && isWhole && overtakings(run) === known)
  for (const done of committed) await run.emit({ type: 'applied', kind: 'up', ...done })
  return isWhole
}

/**
 * Only the log knows what is committed, and not even the log while the server may still be at work for a connection that is
 * gone: then the next place is taken, so that nothing more of it can follow. So it is where a state elsewhere would know of
 * commits that only the last of the scripts makes durable.
 */
async function readAgain(run: Run, committer: Storage, outcome: 'stopped' | 'lost', about: object = {}): Promise<void> {
  const start = committer.nextSerial
  try {
    await committer.catchUp()
    if (outcome === 'stopped' && (committer === run.state || committer.nextSerial === start)) return
    const fence = (): Draft =>
      draft({ kind: 'checked', target: committer.target ?? '', ...recordFields(run, committer, false) })
    while ((await committer.append(() => [fence()])) === 'taken') await committer.catchUp()
  } catch (cause) {
    if (cause instanceof MigrationError && cause.code === 'MIG_R0212') throw cause
    throw new MigrationError('MIG_R0202', `${outcome}; ${reasonOf(cause)}`, { ...about, cause })
  }
}
