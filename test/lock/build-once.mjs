// Builds applications as users do, from `dist`, one after the other: each message names a host, a folder and options, each answer
// holds what the build said and the manifest. Under whatever environment this process has.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build as buildWithEsbuild, formatMessages } from 'esbuild'
import { build as buildWithVite, createServer } from 'vite'
import migrationsOfEsbuild from '../../dist/esbuild.js'
import migrationsOfVite from '../../dist/vite.js'

/** @param {(line: string) => void} say */
function viteOptions(root, say, options) {
  const logger = {
    info() {},
    warn: say,
    warnOnce: say,
    error: say,
    clearScreen() {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
  return { root, configFile: false, customLogger: logger, plugins: [migrationsOfVite(options)] }
}

/** Resolve to the manifest's text. */
const HOSTS = {
  async vite(root, say, options) {
    const out = join(root, 'out')
    await buildWithVite({ ...viteOptions(root, say, options), build: { ssr: join(root, 'server.js'), outDir: out } })
    return readFileSync(join(out, 'migrations.manifest.json'), 'utf8')
  },
  async watch(root, say, options) {
    const out = join(root, 'out')
    const build = { ssr: join(root, 'server.js'), outDir: out, watch: {} }
    const watcher = await buildWithVite({ ...viteOptions(root, say, options), build })
    await new Promise((resolve, reject) => {
      watcher.on('event', ({ code, error }) => {
        if (code === 'END') resolve(undefined)
        if (code === 'ERROR') reject(error)
      })
    })
    await watcher.close()
    return readFileSync(join(out, 'migrations.manifest.json'), 'utf8')
  },
  async serve(root, say, options) {
    const server = await createServer({
      ...viteOptions(root, say, options),
      server: { middlewareMode: true, ws: false },
    })
    try {
      const { default: manifest } = await server.ssrLoadModule('virtual:migrations')
      return JSON.stringify(manifest)
    } finally {
      await server.close()
    }
  },
  async esbuild(root, say, options) {
    const out = join(root, 'out')
    const { warnings } = await buildWithEsbuild({
      absWorkingDir: root,
      entryPoints: [join(root, 'server.js')],
      outdir: out,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'silent',
      plugins: [migrationsOfEsbuild(options)],
    })
    for (const line of await formatMessages(warnings, { kind: 'warning' })) say(line)
    return readFileSync(join(out, 'migrations.manifest.json'), 'utf8')
  },
}

async function built({ host, root, options }) {
  const said = []
  rmSync(join(root, 'out'), { recursive: true, force: true })
  try {
    const out = await HOSTS[host](root, (line) => said.push(line), options)
    return { code: 0, says: said.join('\n'), out }
  } catch (error) {
    const { errors = [] } = error
    const lines = host === 'esbuild' ? await formatMessages(errors, { kind: 'error' }) : [error.message]
    return { code: 1, says: [...said, ...lines].join('\n'), out: '' }
  } finally {
    // What esbuild does when it has ended comes after this.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

process.on('message', async (task) => process.send?.(await built(task)))
