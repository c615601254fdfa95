import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import migrations from 'unplugin-migrations/esbuild'

const [outfile] = process.argv.slice(2)
if (outfile === undefined) throw new Error('node build.mjs <file>')

// One file: the handler, the migrations of the shop and of its packages, the driver.
await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: ['src/handler.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // pg asks for its native variant only when it is told to use it.
  external: ['pg-native'],
  // pg is CommonJS and requires built-in modules of Node, which an ES module has no `require` for.
  banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
  // One tsconfig.json serves the whole playground, so there is none beside this package.json.
  plugins: [migrations({ types: true })],
})
