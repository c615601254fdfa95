import { mkdirSync, symlinkSync } from 'node:fs'
import { join, parse } from 'node:path'
import { type Plugin, build } from 'esbuild'

/** What is imported of drivers that are CommonJS: in a bundle they have no names of their own. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['ioredis', 'Redis'],
  ['mysql2/promise', 'createConnection, createPool'],
])

const named: Plugin = {
  name: 'named',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(ioredis|mysql2\/promise)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'named' }, ({ path }) => ({
      contents: `export { ${NAMES.get(path)} } from '${path}'`,
      resolveDir: import.meta.dirname,
    }))
  },
}

/**
 * Makes few files of a script and the drivers that it imports, of which a process loads only its own: finding a hundred
 * modules would be most of what its start costs.
 *
 * @returns the file to start
 */
export async function bundled(script: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [script],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    external: ['better-sqlite3', 'pg-native', 'miniflare', '@electric-sql/pglite'],
    plugins: [named],
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  return join(folder, `${parse(script).name}.mjs`)
}
