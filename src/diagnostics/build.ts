import { BUILD_GRAPH } from './build-graph.ts'
import { BUILD_HOST } from './build-host.ts'
import { BUILD_LOCK } from './build-lock.ts'
import { BUILD_METADATA } from './build-metadata.ts'
import { BUILD_SCAN } from './build-scan.ts'
import type { CatalogueEntry } from './diagnostic.ts'

/** Codes of the build: `01` graph · `02` scan · `03` metadata · `04` host and bundler · `05` lock file. Each group is a file of its own. */
export type BuildCode =
  | keyof typeof BUILD_GRAPH
  | keyof typeof BUILD_SCAN
  | keyof typeof BUILD_METADATA
  | keyof typeof BUILD_HOST
  | keyof typeof BUILD_LOCK

export const BUILD: Readonly<Record<BuildCode, CatalogueEntry>> = {
  ...BUILD_GRAPH,
  ...BUILD_SCAN,
  ...BUILD_METADATA,
  ...BUILD_HOST,
  ...BUILD_LOCK,
}
