import { MigrationError, reasonOf } from './errors.ts'
import type { MigrationEvent } from './options.ts'

/** Called by a run at each of its events, and awaited at those where `HookFunctions` has a place. */
export type Hooks = (event: MigrationEvent) => Promise<void> | undefined

type Hook = (event: MigrationEvent) => unknown

/** Each gets the event that it belongs to: `planned`, `started`, what ends that, `ended`, `failed`. */
export interface HookFunctions {
  /** Before the first migration of a plan: nothing of it has run. */
  readonly beforeAll?: Hook
  /** Outside of the migration's transaction. */
  readonly beforeEach?: Hook
  /** After the commit: what it throws stops the run, and the migration stays. */
  readonly afterEach?: Hook
  readonly afterAll?: Hook
  /** What it throws is ignored: the error that it is told of is thrown. */
  readonly onError?: Hook
}

const PLACES: { readonly [Type in MigrationEvent['type']]?: keyof HookFunctions } = {
  planned: 'beforeAll',
  started: 'beforeEach',
  applied: 'afterEach',
  ended: 'afterAll',
  failed: 'onError',
}

/**
 * Functions that a run waits for.
 *
 * @throws MigrationError through the run: `MIG_R0115` when one of them throws
 * @example
 * migrate(manifest, { ...config, hooks: hooks({ beforeAll: takeBackup }) })
 */
export function hooks(functions: HookFunctions): Hooks {
  return (event) => {
    const place = PLACES[event.type]
    return place && call(functions[place], event)
  }
}

async function call(hook: Hook | undefined, event: MigrationEvent): Promise<void> {
  try {
    await hook?.(event)
  } catch (cause) {
    throw new MigrationError('MIG_R0115', `hook at ${event.type}: ${reasonOf(cause)}`, { cause })
  }
}
