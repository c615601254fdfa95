// Builds with esbuild and leaves the process at once, as many scripts do.
// node exit-at-once.mjs <folder>
import { join } from 'node:path'
import { build } from 'esbuild'
import migrations from '../../dist/esbuild.js'

const root = process.argv[2] ?? '.'
await build({
  absWorkingDir: root,
  entryPoints: [join(root, 'server.js')],
  outdir: join(root, 'out'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  plugins: [migrations()],
})
process.exit()
