import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import config from '../migrations.config.ts'

/** What an answer takes after the wait for others has ended. */
const RESERVE_MS = 1000

let underWay: Promise<void> | undefined

/**
 * Resolves when the storages are as this build wants them: work in the first invocation of an instance, nothing in the
 * later ones. Not while the module loads, since AWS ends that after ten seconds. After a failure the next invocation
 * tries again.
 *
 * @param remaining ms that this invocation has
 */
export function migrated(remaining: number): Promise<void> {
  underWay ??= run(remaining).catch((error: unknown) => {
    underWay = undefined
    throw error
  })
  return underWay
}

async function run(remaining: number): Promise<void> {
  const { outcome, applied } = await migrate(manifest, {
    ...config(),
    wait: Math.max(0, remaining - RESERVE_MS),
    onEvent: report,
  })
  report({ type: 'migrated', outcome, applied })
}

/** A line of JSON for each thing that happens. */
function report(line: object): void {
  console.log(JSON.stringify(line))
}
