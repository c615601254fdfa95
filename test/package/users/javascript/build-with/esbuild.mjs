import { build } from 'esbuild'
import migrations from 'unplugin-migrations/esbuild'

await build({
  entryPoints: ['server.js'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir: 'out',
  plugins: [migrations()],
})
