import type { Entry } from '../../src/runtime/entry.ts'
import { IDS, expectedIn } from './manifest.ts'
import type { Observed } from './observation.ts'
import type { Outcome } from './outcome.ts'
import { CANARY } from './storages/storage-case.ts'

/** What is known at one moment: `after-fault` while work may be missing, `after-clean-run` when none may be. */
export interface Evidence {
  readonly moment: 'after-fault' | 'after-clean-run'
  readonly storages: readonly Observed[]
  /** Of runs that are over, in their order. */
  readonly outcomes: readonly Outcome[]
}

/** What is wrong, in words. */
type Invariant = (evidence: Evidence) => readonly string[]

/** The storage whose log entry commits a migration. */
function committerOf(id: string): 'main' | 'extra' {
  return expectedIn('main').includes(id) ? 'main' : 'extra'
}

function storageIn({ storages }: Evidence, role: Observed['role']): Observed | undefined {
  return storages.find((storage) => storage.role === role)
}

function upsIn(observed: Observed | undefined, target = observed?.log[0]?.target): readonly Entry[] {
  return (observed?.log ?? []).filter((entry) => entry.kind === 'up' && entry.target === target)
}

const countOf = (all: readonly (string | null)[], id: string): number => all.filter((one) => one === id).length

/** Whether what a committed migration announced may not be in place yet. */
const isOpen = (evidence: Evidence): boolean => evidence.storages.some(({ log }) => (log.at(-1)?.open ?? 0) > 0)

/** I1: every migration takes effect once; before the clean run at most once. */
const effectsOnce: Invariant = ({ moment, storages }) =>
  storages.flatMap(({ role, expected, effects }) => [
    ...effects.filter((id) => !expected.includes(id)).map((id) => `${role} has an effect of ${id}`),
    ...expected.flatMap((id) => {
      const count = countOf(effects, id)
      return count === 1 || (count === 0 && moment === 'after-fault') ? [] : [`${role}: ${count} effects of ${id}`]
    }),
  ])

/** I2: a marker if and only if an effect, and one of each; staged work may come later than the marker. */
const markerIffEffect: Invariant = (evidence) =>
  IDS.flatMap((id) => {
    const committer = committerOf(id)
    const ups = upsIn(storageIn(evidence, committer)).filter((entry) => entry.id === id)
    if (ups.length > 1 || ups.some(({ done }) => !done)) return [`${committer}: ${ups.length} markers of ${id}`]
    return evidence.storages.flatMap(({ role, expected, effects }) => {
      if (!expected.includes(id)) return []
      const hasEffect = effects.includes(id)
      if (hasEffect && ups.length === 0) return [`${role}: an effect without a marker of ${id}`]
      const mayCome = role !== committer || isOpen(evidence)
      if (!hasEffect && ups.length === 1 && !(mayCome && isOpen(evidence)))
        return [`${role}: a marker without an effect of ${id}`]
      return []
    })
  })

/** I3: what the state records as applied has a marker. After the clean run it records everything. */
const recordedIsApplied: Invariant = (evidence) => {
  const state = storageIn(evidence, 'state')
  if (!state) return []
  return IDS.flatMap((id) => {
    const target = storageIn(evidence, committerOf(id))
    const own = target?.log[0]?.target
    const records = own === undefined ? [] : upsIn(state, own).filter((entry) => entry.id === id)
    if (records.length > 0 && !upsIn(target).some((up) => up.id === id)) return [`state records ${id} without a marker`]
    if (evidence.moment === 'after-clean-run' && records.length !== 1)
      return [`state has ${records.length} records of ${id}`]
    return []
  })
}

/** I4: effects and markers come in the order of the manifest, and logs have no gap. */
const orderKept: Invariant = ({ storages }) =>
  storages.flatMap(({ role, effects, log }) => {
    const markers = log.flatMap(({ kind, id, target }) =>
      kind === 'up' && target === log[0]?.target ? [id ?? ''] : [],
    )
    const wrong = [effects, markers].filter((all) => all.join() !== IDS.filter((id) => all.includes(id)).join())
    const gaps = log.filter(({ serial }, index) => serial !== index).map(({ serial }) => `${role}: a gap at ${serial}`)
    return [...wrong.map((all) => `${role}: the order ${all.join()}`), ...gaps]
  })

/** I5: nobody returned well with work missing, or told of an attempt that the log does not have; errors have a code. */
const honest: Invariant = (evidence) =>
  evidence.outcomes.flatMap((outcome) => {
    const markers = IDS.flatMap((id) => upsIn(storageIn(evidence, committerOf(id))).filter((up) => up.id === id))
    if (outcome.end === 'rejected') {
      const lies = outcome.applied.filter((id) => !markers.some((up) => up.id === id))
      const uncoded = /^MIG_R\d{4}$/.test(outcome.code) ? [] : [`stopped without a code: ${outcome.message}`]
      return [...lies.map((id) => `said that ${id} is applied`), ...uncoded]
    }
    const missing = evidence.storages.flatMap(({ role, expected, effects }) =>
      expected.filter((id) => !effects.includes(id)).map((id) => `returned well without ${id} in ${role}`),
    )
    const foreign = outcome.applied.filter(({ attempt }) => !markers.some((up) => up.attempt === attempt))
    return [...missing, ...foreign.map(({ id }) => `said that it applied ${id}, which another attempt did`)]
  })

/** What the next run that has work tidies up: staged work that no entry waits for, and temporary files. */
export const isTidiedLater = (leftover: string): boolean => /^(staged|temporary) /.test(leftover)

/** I6: nothing is left over: no open work, lock, lease, temporary file or transaction. */
const nothingLeft: Invariant = ({ moment, storages }) =>
  moment === 'after-fault'
    ? []
    : storages.flatMap(({ role, leftovers, log }) => [
        ...leftovers.filter((what) => !isTidiedLater(what)).map((what) => `${role}: left over: ${what}`),
        ...((log.at(-1)?.open ?? 0) === 0 ? [] : [`${role}: still open`]),
      ])

/** I7: nothing that was said or written down holds a secret, or a control byte but the line feed. */
const nothingTold: Invariant = ({ storages, outcomes }) => {
  const texts = [...outcomes.map(({ said }) => said), ...storages.map(({ log }) => JSON.stringify(log))]
  return texts.flatMap((text) => [
    ...(text.includes(CANARY) ? [`told a secret: ${text}`] : []),
    ...(/(?!\n)\p{Cc}/u.test(text) ? [`told a control byte: ${JSON.stringify(text)}`] : []),
  ])
}

const INVARIANTS: Readonly<Record<`I${number}`, Invariant>> = {
  I1: effectsOnce,
  I2: markerIffEffect,
  I3: recordedIsApplied,
  I4: orderKept,
  I5: honest,
  I6: nothingLeft,
  I7: nothingTold,
}

/** What the evidence breaks of I1 to I7, each with its number. */
export function broken(evidence: Evidence): readonly string[] {
  return Object.entries(INVARIANTS).flatMap(([number, invariant]) =>
    invariant(evidence).map((what) => `${number} ${evidence.moment}: ${what}`),
  )
}
