import type { Entry, SeenTarget } from '../runtime/entry.ts'
import { genesisData, movedTo } from '../runtime/entry-data.ts'
import { MigrationError } from '../runtime/errors.ts'
import { type Run, draft } from '../runtime/run.ts'
import type { Draft, Storage } from '../runtime/storage.ts'
import { withOthers } from '../runtime/several/records.ts'
import { journalData } from '../runtime/statements/journal.ts'
import { uniqueId } from '../runtime/unique-id.ts'
import { entriesAbout } from '../runtime/without-log/log.ts'
import { readHeads } from './read.ts'
import { isNewer, missingRecords, recordActions, recordOf } from './records.ts'
import type { Action, DryRun, Report } from './report.ts'

/** Records that are appended at once. */
const CHUNK = 500

/** Appends and takes note, or takes note alone. @returns whether nobody else was first */
type Write = (storage: Storage, drafts: readonly Draft[], actions: readonly Action[]) => Promise<boolean>

/**
 * Copies what a state store needs into another one, closes the old one and opens the new one. The new one is closed as
 * long as it is not whole, so at no moment both are open to runs. It may stop anywhere and be repeated; whoever still has
 * the old configuration stops. Moving back is the same the other way round.
 *
 * @param from a run with the one as its state
 * @param to the same with the other
 * @throws MigrationError `MIG_R0113` where the old one was closed for a third, `MIG_R0122` where nothing can be moved
 */
export async function moveState(from: Run, to: Run, { dryRun = false }: DryRun): Promise<Report> {
  const actions: Action[] = []
  const write: Write = async (storage, drafts, done) => {
    if (!dryRun && drafts.length > 0 && (await storage.append(() => drafts)) === 'taken') return false
    actions.push(...done)
    return true
  }
  const steps = [closeNew, copy, closeOld, openNew]
  for (;;) {
    await readBoth(from, to)
    if (closedFor(from.state) !== null && to.state.genesis && closedFor(to.state) === null) break
    let isWritten = true
    for (const step of steps) isWritten &&= await step(from, to, write)
    if (isWritten) break
  }
  return { dryRun, actions, findings: [] }
}

async function readBoth(from: Run, to: Run): Promise<void> {
  await Promise.all([readHeads(from), readHeads(to)])
  for (const run of [from, to]) await (run.several ? run.several.catchUpAll(run) : run.state.catchUp())
  from.several?.assertIdentity(from)
  const { name, genesis } = from.state
  if (!genesis || from.state.adapter === to.state.adapter)
    throw new MigrationError('MIG_R0122', genesis ? 'is the same store' : 'holds no state', { target: name })
  const closed = closedFor(from.state)
  if (closed !== null && closed !== to.state.target)
    throw new MigrationError('MIG_R0113', `sealed: the state is in ${closed}`, { target: name })
}

/** UUID of the store that has the state instead. */
function closedFor({ entries }: Storage): string | null {
  return movedTo(entries) ?? null
}

function sealOf({ target, last }: Storage, to: string | null, targets: readonly SeenTarget[]): Draft {
  return draft({ kind: 'sealed', target: target ?? '', open: last?.open ?? 0, targets, data: { to } })
}

async function closeNew({ state: old }: Run, { state }: Run, write: Write): Promise<boolean> {
  const { name: target, genesis, last } = state
  if (closedFor(state) !== null) return true
  if (genesis) return write(state, [sealOf(state, old.target, last?.targets ?? [])], [{ do: 'seal', target }])
  const data = old.genesis && genesisData(old.genesis)
  const first = draft({ kind: 'genesis', target: uniqueId(), data })
  const seal = { ...sealOf(state, old.target, []), target: first.target }
  return write(
    state,
    [first, seal],
    [
      { do: 'establish', target },
      { do: 'seal', target },
    ],
  )
}

/** What the old one knows, and what it should. */
async function copy(from: Run, to: Run, write: Write): Promise<boolean> {
  const { state } = to
  const logs = new Set(logsIn(from.state).flatMap((target) => missingEntries(target, from.state, state)))
  const known = from.state.entries.filter(
    (entry) => logs.has(entry) || (entry.generation > 0 && entry.target !== state.target && isNewer(entry, state)),
  )
  const records = [...known, ...missingRecords(to, from.state)]
  // How far the log of a storage goes that keeps none itself is told when all of it is there.
  const fields = { satisfied: [], open: state.last?.open ?? 0, targets: state.last?.targets ?? [] }
  for (let start = 0; start < records.length; start += CHUNK) {
    const part = records.slice(start, start + CHUNK)
    const drafts = part.map((entry) => ({ ...recordOf(entry), ...fields }))
    if (!(await write(state, drafts, recordActions(to, part)))) return false
  }
  return true
}

/** UUIDs of storages that keep no log: more than what was applied there is told in the state's. */
function logsIn(state: Storage): readonly string[] {
  const told = state.entries.filter((entry) => entry.generation === 0 && !journalData(entry))
  return [...new Set(told.map(({ target }) => target))].filter((target) => target !== state.target)
}

/** In the same order from the same beginning: the places of entries count. */
function missingEntries(target: string, from: Storage, to: Storage): readonly Entry[] {
  return target === to.target ? [] : entriesAbout(from, target).slice(entriesAbout(to, target).length)
}

/** At the end of all that was copied: what came after it is not lost, since then this place is taken. */
async function closeOld({ state }: Run, { state: next }: Run, write: Write): Promise<boolean> {
  if (closedFor(state) !== null) return true
  return write(state, [sealOf(state, next.target, state.last?.targets ?? [])], [{ do: 'seal', target: state.name }])
}

function openNew(from: Run, to: Run, write: Write): Promise<boolean> {
  const { state } = to
  return write(state, [sealOf(state, null, seenBy(from, to))], [{ do: 'unseal', target: state.name }])
}

/** Targets of other applications and tenants go with the state. */
function seenBy(from: Run, to: Run): readonly SeenTarget[] {
  const others = from.state.last?.targets ?? []
  return withOthers(
    to.several?.seen(to) ?? [],
    others.filter(({ target }) => target !== to.state.target),
  )
}
