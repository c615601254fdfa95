import { graphOf } from '../graph/from-manifest.ts'
import type { History } from '../graph/history.ts'
import { withoutSquashes } from '../graph/situation-edges.ts'
import type { Situation } from '../graph/situation.ts'
import { assertEnvironment } from '../runtime/identity.ts'
import type { Run } from '../runtime/run.ts'
import { ranks } from '../runtime/several/ranks.ts'

/** The begin of every command: the ends of all logs, and whether these storages are meant. Creates nothing. */
export async function readHeads(run: Run): Promise<void> {
  for (const storages of ranks(run)) await Promise.all(storages.map((storage) => storage.readHead()))
  assertEnvironment(run.state, run.options)
  run.several?.assertSameInstallation(run)
}

/** What planning goes by: the same migrations are applied as `status` says. */
export function situationIn({ manifest }: Run, { active, applied, instead, findings }: History): Situation {
  const graph = graphOf(manifest.migrations)
  const places = new Map(manifest.migrations.map(({ id }, place) => [id, place]))
  const partial = findings.flatMap((finding) =>
    finding.kind === 'partly-squashed' ? [{ position: places.get(finding.id) ?? -1, gone: finding.gone }] : [],
  )
  const decided = { active, applied, instead, partial }
  return { ...decided, graph: manifest.squashes ? withoutSquashes(graph, decided) : graph }
}
