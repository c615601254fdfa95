// Compiles src into dist. The folder is written beside the old one and swapped in, so that a process that runs
// from dist while a build goes on never sees half of it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync, rmSync } from 'node:fs'
import { rolldown } from 'rolldown'

/** What the configuration of a bundler and the command line begin with: a file for each module takes five times as long. */
const TOGETHER = ['cli', 'esbuild', 'index', 'rolldown', 'rollup', 'vite']

const next = 'dist.next'
rmSync(next, { recursive: true, force: true })
execFileSync('npx', ['tsc', '--outDir', next], { stdio: 'inherit' })
copyFileSync('src/client.d.ts', `${next}/client.d.ts`)
const bundle = await rolldown({
  input: Object.fromEntries(TOGETHER.map((entry) => [entry, `./${next}/${entry}.js`])),
  platform: 'node',
  external: /^[^./]/,
  // Otherwise comments name the folder that this is written to.
  experimental: { attachDebugInfo: 'none' },
})
await bundle.write({
  dir: next,
  chunkFileNames: ({ moduleIds }) =>
    `bundled/${moduleIds.some((id) => id.endsWith('/unplugin.js')) ? 'plugin' : 'scan'}.js`,
})
await bundle.close()
rmSync('dist', { recursive: true, force: true })
renameSync(next, 'dist')
