/** Everything there is at one moment. Never changed: every step makes a new one. */
export interface World {
  /** By storage: one character per entry, see `entry.ts`. */
  readonly logs: readonly string[]
  /** By storage: what took effect, in order, see `effect.ts`. */
  readonly effects: readonly string[]
  /** By storage: attempts whose staged work is durable. */
  readonly stages: readonly string[]
  /** By storage: who holds its lock, or nobody. */
  readonly locks: readonly string[]
  /** Requests that were sent and are not answered: they may be carried out at any time, whoever sent them. */
  readonly flight: readonly Request[]
  readonly runners: readonly Runner[]
  /** What may still go wrong: unanswered requests, crashes, steals, losses. */
  readonly left: {
    readonly unanswered: number
    readonly crashes: number
    readonly steals: number
    readonly losses: number
  }
}

/** Something that a storage carries out as a whole. */
export interface Request {
  readonly storage: number
  /** Where the entry goes. */
  readonly serial: number
  /** The entry; empty: none. */
  readonly entry: string
  /** What takes effect with it; empty: nothing. */
  readonly effect: string
  /** Of a statement: whoever waits for its end. */
  readonly by?: string
}

/** A process, as far as what it does next depends on it. */
export interface Runner {
  readonly at: Phase
  /** By storage: the log as this runner knows it. */
  readonly known: readonly string[]
  /** Storages that were read in this round, or items that held their old content at a look, as bits. */
  readonly read: number
  /** Whether this round found something new. */
  readonly isMoved: boolean
  /** Targets that hold the intent of this `down`, as bits. */
  readonly intended: number
  /** The serial that they name. */
  readonly named: number
  /** Whether it has looked: at all logs since the intents, at all items before it puts them. */
  readonly isReread: boolean
  /** How often this `down` announced itself on a first target. */
  readonly rounds: number
  /** Whether this `down` has done its work: what others apply after it stays. */
  readonly hasReverted: boolean
  /** Counts what went wrong: an attempt after it is another one. */
  readonly tries: number
  /** Half of a commit is done: in the twins only. */
  readonly isWritten: boolean
  /** What a phase of several steps is at. */
  readonly place: number
  /** Told by nobody: migrations that were in place at some moment of this run, as bits. */
  readonly met: number
}

/**
 * `head` about to read last entries · `read` about to read logs · `act` about to do what they ask for · `unclear` about
 * to look whether a commit took effect · `locked`, `putting`, `unlocking` settling · `waiting` for the end of a
 * statement, `executed` when it has come · `human` somebody is to say what became of one · the rest has ended.
 */
export type Phase =
  | 'head'
  | 'read'
  | 'act'
  | 'unclear'
  | 'locked'
  | 'putting'
  | 'unlocking'
  | 'waiting'
  | 'executed'
  | 'human'
  | 'ok'
  | 'reverted'
  | 'refused'
  | 'damaged'
  | 'inconsistent'
  | 'asks'

export function keyOf(world: World): string {
  const { runners, left } = world
  const { unanswered, crashes, steals, losses } = left
  return `${surroundingsOf(world)}|${runners.map(textOf).join('/')}|${unanswered}${crashes}${steals}${losses}`
}

/** Everything but the runners. */
export function surroundingsOf({ logs, effects, stages, locks, flight }: World): string {
  const requests = flight.map(
    ({ storage, serial, entry, effect, by = '' }) => `${storage}.${serial}.${entry}.${effect}.${by}`,
  )
  return `${logs.join()}|${effects.join()}|${stages.join()}|${locks.join()}|${requests.toSorted().join()}`
}

function textOf({
  at,
  known,
  read,
  isMoved,
  intended,
  named,
  isReread,
  rounds,
  hasReverted,
  tries,
  isWritten,
  place,
  met,
}: Runner): string {
  return `${at}${known.join()}.${read}${isMoved ? 'm' : ''}.${intended}.${named}${isReread ? 'r' : ''}${hasReverted ? 'd' : ''}${rounds}.${tries}${isWritten ? 'w' : ''}.${place}.${met}`
}

/** Phases in which nothing follows. */
export const ENDED: ReadonlySet<Phase> = new Set<Phase>([
  'ok',
  'reverted',
  'refused',
  'asks',
  'damaged',
  'inconsistent',
])

/** A process that has just started. */
export function runnerOf(storages: number): Runner {
  return {
    at: 'head',
    known: Array.from({ length: storages }, () => ''),
    read: 0,
    isMoved: false,
    intended: 0,
    named: -1,
    isReread: false,
    rounds: 0,
    hasReverted: false,
    tries: 0,
    isWritten: false,
    place: 0,
    met: 0,
  }
}
