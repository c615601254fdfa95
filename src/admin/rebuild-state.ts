import { genesisData } from '../runtime/entry-data.ts'
import { MigrationError } from '../runtime/errors.ts'
import { establish } from '../runtime/identity.ts'
import { catchUp } from '../runtime/migrate.ts'
import { record } from '../runtime/record.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { missingRecords, recordActions } from './records.ts'
import { readHeads } from './read.ts'
import type { Action, DryRun, Report } from './report.ts'

/** What is not a transaction with its entry: only a log tells what it went through, and it must be there. */
const WITHOUT_PROOF: readonly string[] = ['statement', 'none']

/**
 * Writes anew what a state store has lost, from the logs of the targets. A store that is whole lacks nothing.
 *
 * @throws MigrationError `MIG_R0105` where the state was in a target that is lost itself, `MIG_R0124` where a target
 * cannot tell what it went through
 */
export async function rebuildState(run: Run, { dryRun = false }: DryRun): Promise<Report> {
  const actions: Action[] = []
  await readHeads(run)
  const { state, targets } = run
  for (;;) {
    await catchUp(run)
    const known = overtakings(run)
    const genesis = targets.find((target) => target.genesis)?.genesis
    if (!genesis) return { dryRun, actions, findings: [] }
    assertProofs(run)
    const steps: readonly Action[] = [
      ...(state.genesis ? [] : [{ do: 'establish', target: state.name } as const]),
      ...recordActions(run, missingRecords(run)),
    ]
    if (dryRun) return { dryRun, actions: steps, findings: [] }
    const { lineage, env } = genesisData(genesis)
    await establish(state, { env }, lineage)
    if (overtakings(run) === known) await record(run, false)
    if (overtakings(run) !== known) continue
    return { dryRun, actions: steps, findings: [] }
  }
}

function assertProofs({ targets, state }: Run): void {
  const silent = targets.filter(
    (storage) => !storage.genesis && storage !== state && WITHOUT_PROOF.includes(storage.adapter.capabilities.atomic),
  )
  const names = silent.map(({ name }) => `"${name}"`).join(', ')
  if (names !== '')
    throw new MigrationError('MIG_R0124', `no log in ${names}`, {
      target: silent[0]?.name,
      next: 'look at what is applied there, say so with `baseline`, and start again',
    })
}
