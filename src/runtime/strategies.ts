import type { Manifest } from '../graph/manifest.ts'
import type { Adapter, Strategy } from './adapter.ts'
import type { DeferredWrites } from './deferred/writes.ts'
import { MigrationError } from './errors.ts'
import type { RunScripts } from './scripts/scripts.ts'
import type { SeveralStorages } from './several/storages.ts'
import type { DirectSessions, StatementRunner } from './statements/strategy.ts'
import type { Storage } from './storage.ts'
import type { TraitRunner } from './traits/runner.ts'
import type { StoragesWithoutLog } from './without-log/strategy.ts'

/** What some runs need and others do not carry: adapters bring it, and the manifest where migrations ask for it. */
export interface Strategies {
  readonly deferred?: DeferredWrites
  readonly several?: SeveralStorages
  readonly statements?: StatementRunner
  readonly direct?: DirectSessions
  readonly traits?: TraitRunner
  readonly scripts?: RunScripts
  readonly withoutLog?: StoragesWithoutLog
  /** By name: there wherever the configuration does not call another one so. */
  readonly adapters?: { readonly none: Adapter }
}

/** @throws MigrationError `MIG_R0111` where storages are several and nothing says how they go together */
export function strategiesOf(
  { storages, traits, scripts, statements }: Manifest,
  bound: readonly Storage[],
): Strategies {
  const brought = [storages, ...bound.map(({ adapter }) => adapter.strategy), traits, scripts, statements] as readonly (
    | Strategies
    | undefined
  )[]
  const strategies: Strategies = Object.assign({}, ...brought)
  if (bound.length > 1 && !strategies.several) throw new MigrationError('MIG_R0111', 'state')
  return strategies
}

/** Strategies as adapters and manifests see them. */
export function strategy(strategies: Strategies): Strategy {
  return strategies as unknown as Strategy
}
