import type { Faults, IntentRules, Migration, Role, Rules, Scenario, SettleRules } from '../scenario.ts'

/** What a search is expected to find. */
export interface Variant {
  readonly name: string
  readonly scenario: Scenario
  /** Of a twin, in which a protection is off: the violation that shows it. */
  readonly broken?: RegExp
}

/** One part of the protocol: with all its protections, and each of them off. */
export interface Topic {
  readonly title: string
  /** For the reader of `docs/protocol.md`. */
  readonly about: string
  readonly variants: readonly Variant[]
  /** More runners and faults: for the soak test. */
  readonly thorough: readonly Variant[]
}

export const TWICE = /took effect twice/
export const ORDER = /has effect, and .* is not in place/
export const NOT_SO = /and it is not so/
export const WRONG_OK = /says ok, and not everything was in place/
export const INCONSISTENT = /inconsistent history that never was/
export const MISSING = /finds staged work missing/
export const STUCK = /alone does not finish/

export const SETTLING: SettleRules = {
  lock: 'of the living',
  log: 'read under the lock',
  put: 'compares item by item',
}

export const INTENTS: IntentRules = {
  on: 'all targets',
  at: 'planned serial',
  readAgain: false,
  down: 'named serial',
  met: 'fenced',
  unknown: 'stop',
  begun: 'counts',
}

/** All protections. */
const RULES: Rules = {
  append: 'next serial',
  commit: 'atomic',
  reading: 'at once',
  inconsistent: 'stops',
  unanswered: 'reads the log',
  intents: INTENTS,
  fastPath: 'none',
  key: 'when settled',
  steps: 'resume',
  stage: 'before the commit',
  discard: 'when its serial is taken',
  settling: SETTLING,
  drain: 'runners and people',
}

const NO_FAULTS: Faults = { unanswered: 0, crashes: 0, steals: 0, losses: 0 }

/** A scenario without a state, in which nothing goes wrong, by what it has beside that. */
export function scenario(
  {
    faults,
    ...fields
  }: Pick<Scenario, 'storages' | 'migrations' | 'runners'> & {
    readonly state?: number
    readonly faults?: Partial<Faults>
  },
  rules: Partial<Rules> = {},
): Scenario {
  return { state: null, ...fields, faults: { ...NO_FAULTS, ...faults }, rules: { ...RULES, ...rules } }
}

/** A migration on one storage. */
export function on(committer: number, fields: Partial<Migration> = {}): Migration {
  return { committer, parents: [], participants: [], steps: [], statements: 0, ...fields }
}

/** A process that runs the first `migrations` of the manifest. */
export function migrate(migrations: number): Role {
  return { kind: 'migrate', migrations }
}

/** A process that takes one migration back, with a build of so many migrations. */
export function down(id: number, migrations: number): Role {
  return { kind: 'down', id, migrations }
}
