/** What one search is about: the application, who runs it, what may go wrong, and which rules they keep. */
export interface Scenario {
  /** Number of storages. */
  readonly storages: number
  /** Which of them holds the state: a target, or one that no migration changes. `null`: nobody asks for it. */
  readonly state: number | null
  /** In the order of the manifest. */
  readonly migrations: readonly Migration[]
  readonly runners: readonly Role[]
  readonly faults: Faults
  readonly rules: Rules
}

export interface Migration {
  readonly committer: number
  /** Declared dependencies. */
  readonly parents: readonly number[]
  /** Storages that take part with deferred writes, as often as there are items. */
  readonly participants: readonly number[]
  /** Committers of its steps, if it has any: each takes effect with an entry of its own, `up` or `down` comes last. */
  readonly steps: readonly Step[]
  /** Statements that commit one by one, behind a journal. */
  readonly statements: number
}

export interface Step {
  readonly storage: number
  /** Runs until it returns nothing. */
  readonly runs: number
}

/** `migrate` with the first `migrations` of the manifest, or `down` of one. */
export type Role =
  | { readonly kind: 'migrate'; readonly migrations: number }
  | { readonly kind: 'down'; readonly id: number; readonly migrations: number }

/** How often each may happen in one history, at any moment. */
export interface Faults {
  /** A request without an answer: it took effect, or will at any later time, or never. */
  readonly unanswered: number
  /** A runner dies and starts again. */
  readonly crashes: number
  /** A lock of somebody who is alive is taken from him. */
  readonly steals: number
  /** The log of the state vanishes, or an older copy comes back. */
  readonly losses: number
}

/** The protections. Each twin breaks one. */
export interface Rules {
  /** What a storage demands of an entry that it appends. */
  readonly append: 'next serial' | 'new generation' | 'anything'
  /** How the effect of a migration and its entry come about. */
  readonly commit: 'atomic' | 'effect first' | 'entry first'
  /** How a runner reads the logs: which says something only where they are several. */
  readonly reading: 'one after the other' | 'until nothing is new' | 'at once'
  /** What a run does that finds something applied and what it depends on not. */
  readonly inconsistent: 'stops' | 'reads again'
  /** What a run does that has no answer to its commit. */
  readonly unanswered: 'reads the log' | 'tries again' | 'goes on'
  readonly intents: IntentRules
  /** What a boot looks at before it reads whole logs. */
  readonly fastPath: 'none' | 'all' | 'ignores open work' | 'ignores serials'
  /** When the state's log may say that a build's work is complete. */
  readonly key: 'when settled' | 'with the commit'
  /** Where a migration of several steps goes on. */
  readonly steps: 'resume' | 'start again'
  readonly stage: 'before the commit' | 'after the commit'
  readonly discard: 'when its serial is taken' | 'when it is not committed'
  readonly settling: SettleRules
  /** Who waits until no statement runs any more. */
  readonly drain: 'nobody' | 'runners' | 'runners and people'
}

export interface SettleRules {
  readonly lock: 'of the living' | 'a lease'
  readonly log: 'read under the lock' | 'not read'
  readonly put: 'compares item by item' | 'looks, then puts' | 'once, with a mark'
}

export interface IntentRules {
  /** On which other targets a `down` announces itself. */
  readonly on: 'no target' | 'targets of known dependents' | 'all targets'
  /** Where the intent goes: at the serial that the plan has seen, or at whatever is next. */
  readonly at: 'planned serial' | 'any serial'
  /** Whether the logs are read again between the intents and the `down`. */
  readonly readAgain: boolean
  /** Where the `down` goes. */
  readonly down: 'named serial' | 'next serial'
  /** What an `up` does about an open intent. */
  readonly met: 'ignored' | 'waited for' | 'fenced'
  /** Whether a `down` stops at applied migrations that its build does not know. */
  readonly unknown: 'stop' | 'ignored'
  /** Whether what was begun, and has not ended, counts: as applied for what it depends on, as reverted for dependents. */
  readonly begun: 'counts' | 'ignored'
}
