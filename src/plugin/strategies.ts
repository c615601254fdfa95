import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StrategyModules } from '../codegen/strategies.ts'
import { withSlashes } from '../scan/paths.ts'
import { PLUGIN_NAME } from './ids.ts'

/**
 * What a manifest imports where its migrations ask for it. By name, as an application imports the runtime: whether a host
 * bundles packages or leaves them out, both are one copy. Two would not know each other's errors and queues.
 */
export const STRATEGIES: StrategyModules = {
  squashes: `${PLUGIN_NAME}/strategies/squashes`,
  traits: `${PLUGIN_NAME}/strategies/traits`,
  storages: `${PLUGIN_NAME}/strategies/storages`,
  scripts: `${PLUGIN_NAME}/strategies/scripts`,
  statements: `${PLUGIN_NAME}/strategies/statements`,
}

export const STRATEGY_FILTER: RegExp = new RegExp(`^${PLUGIN_NAME}/strategies/\\w+$`)

/** Its file beside the plugin, for an application that cannot resolve the package: then it imports no runtime either. */
export function strategyFileOf(specifier: string): string {
  const path = specifier.slice(PLUGIN_NAME.length)
  // Not the same before and after the build of this package.
  const extension = extname(import.meta.url)
  return withSlashes(fileURLToPath(new URL(`..${path}${extension}`, import.meta.url)))
}
