// One build with Vite, with the plugin or with a module that somebody wrote by hand. Prints milliseconds since the process
// began, of the clock and of processors: loading Vite and the plugin belongs to a build.
// node scan-build.mjs <application> <list of files> plugin|by-hand
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const [root, list, way] = process.argv.slice(2)
const files = JSON.parse(readFileSync(list, 'utf8'))

/** What the plugin spares: the same files, imported lazily. */
function byHand() {
  const entries = files.migrations.map(
    (file) => `{ id: ${JSON.stringify(file.slice(root.length))}, load: () => import(${JSON.stringify(file)}) }`,
  )
  return {
    name: 'by-hand',
    resolveId: { filter: { id: /^virtual:migrations$/ }, handler: (id) => `\0${id}` },
    load: { filter: { id: /^\0virtual:migrations$/ }, handler: () => `export default [${entries.join(',\n')}]` },
  }
}

async function plugin() {
  const { default: migrations } = await import('../../dist/vite.js')
  return migrations({ frozen: false })
}

await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [way === 'plugin' ? await plugin() : byHand()],
  ssr: { noExternal: true },
  build: { ssr: join(root, 'main.js'), minify: false },
})
const took = performance.now()
const { user, system } = process.cpuUsage()
process.stdout.write(JSON.stringify([took, (user + system) / 1000]))
rmSync(join(root, 'dist'), { recursive: true, force: true })
