import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '../../src')

/** A server as small as they come. What is imported is used, so that nothing is dropped. */
function appWith(imports: string, use: string): string {
  return `import { createServer } from 'node:http'
import { Pool } from 'pg'
${imports}
const pool = new Pool({ connectionString: process.env.DATABASE_URL })
${use}
createServer(async (request, response) => {
  const { rows } = await pool.query('select id, title from pictures order by id')
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(rows))
}).listen(Number(process.env.PORT ?? 3000))
`
}

/** Bytes after gzip of an app's one file, and the minified bytes that each of our modules has in it. */
async function bundle(contents: string): Promise<{ readonly bytes: number; readonly modules: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: source, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['pg', 'virtual:migrations'],
    metafile: true,
    write: false,
  })
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const modules = inputs
    .toSorted(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput)
    .map(([file, { bytesInOutput }]) => `${String(bytesInOutput).padStart(6)} ${relative('src', file)}`)
  return { bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length, modules }
}

it('adds at most 8 KiB to a bundle that migrates PostgreSQL', async () => {
  const imports = `import manifest from 'virtual:migrations'
import { pg } from './adapters/pg.ts'
import { migrate } from './runtime.ts'`
  const use = `await migrate(manifest, { adapters: { db: pg(pool) }, state: 'db' })`
  const [without, migrating] = [await bundle(appWith('', '')), await bundle(appWith(imports, use))]
  const added = migrating.bytes - without.bytes
  const told = `${added} bytes after gzip; minified, before it:\n${migrating.modules.join('\n')}\n`
  expect(migrating.modules.length, 'the runtime is in the bundle').toBeGreaterThan(20)
  expect(added, told).toBeLessThanOrEqual(8 * 1024)
})
