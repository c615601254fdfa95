import type { ManifestData } from './manifest-data.ts'

/** The text of `migrations.manifest.json`. */
export function manifestJson(data: ManifestData): string {
  return `${JSON.stringify(data, null, 2)}\n`
}
