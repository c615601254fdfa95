import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { BuildOptions, BuildResult } from 'esbuild'
import type { ManifestData } from '../../codegen/manifest-data.ts'
import { manifestJson } from '../../codegen/manifest-json.ts'
import { MANIFEST_FILE } from '../ids.ts'

/** Writes the manifest beside the bundle, or adds it to the files that the caller writes. Standard output has none. */
export async function emitManifest(
  data: ManifestData,
  { outdir, outfile, write }: BuildOptions,
  folder: string,
  result: BuildResult,
): Promise<void> {
  const out = outfile ? dirname(outfile) : outdir
  if (!out) return
  const path = join(resolve(folder, out), MANIFEST_FILE)
  const text = manifestJson(data)
  if (write === false) {
    result.outputFiles?.push({ path, contents: new TextEncoder().encode(text), hash: data.digest, text })
    return
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
