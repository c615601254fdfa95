import type { Plugin, ViteDevServer } from 'vite'
import { manifestJson } from '../../codegen/manifest-json.ts'
import { failureOf } from '../failure.ts'
import { withSlashes } from '../../scan/paths.ts'
import { formatDiagnostics } from '../../scan/report/format-diagnostic.ts'
import { hostErrorOf } from '../guard.ts'
import { MANIFEST_URL, RESOLVED_ID } from '../ids.ts'
import type { LiveManifest, Update } from '../live-manifest.ts'
import type { Project } from '../project.ts'

/** The manifest in Vite's development server. */
export function viteServerHooks(project: Project): Pick<Plugin, 'configureServer' | 'hotUpdate'> {
  let live: LiveManifest | undefined
  return {
    configureServer(server) {
      const following = project.follow((update) => {
        tell(server, project, update)
        void watch(server, following)
      })
      live = following
      void watch(server, following)
      if (server.config.server.hmr === false) followFiles(server, project, following)
      server.middlewares.use(MANIFEST_URL, (_request, response) => void answer(response, project))
    },
    async hotUpdate({ file, timestamp, modules }) {
      if (!live || !(await live.isWatched(file))) return
      await live.changed(file, timestamp)
      const module = this.environment.moduleGraph.getModuleById(RESOLVED_ID)
      if (!module || project.servedTo(this.environment) === live.good) return
      return [...modules, module]
    },
  }
}

/** Without hot updates Vite still reads files anew that changed, and tells no plugin. */
function followFiles({ watcher, environments }: ViteDevServer, project: Project, live: LiveManifest): void {
  let events = 0
  const follow = async (path: string): Promise<void> => {
    const file = withSlashes(path)
    if (!(await live.isWatched(file))) return
    await live.changed(file, ++events)
    for (const environment of Object.values(environments)) {
      const module = environment.moduleGraph.getModuleById(RESOLVED_ID)
      if (module && project.servedTo(environment) !== live.good) environment.moduleGraph.invalidateModule(module)
    }
  }
  for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, (path) => void follow(path))
}

/** Vite watches its root. Packages that are linked from elsewhere are added. */
async function watch(server: ViteDevServer, live: LiveManifest): Promise<void> {
  const { files, folders } = await live.watched()
  server.watcher.add([...files, ...folders])
}

function tell({ config, environments }: ViteDevServer, project: Project, update: Update): void {
  const { failure } = update
  const say = { timestamp: true }
  if (failure) {
    config.logger.error(formatDiagnostics(failure.diagnostics, project.root), say)
    const error = hostErrorOf(failure, project.root)
    environments.client?.hot.send({ type: 'error', err: { ...error, message: error.message, stack: '' } })
    return
  }
  if (update.recovered) environments.client?.hot.send({ type: 'update', updates: [] })
  const line = lineOf(update)
  if (line) config.logger.info(line, say)
}

function lineOf({ added, edited, removed, held }: Update): string | undefined {
  const changes = [
    ...(added.length > 0 ? [`added ${added.join(', ')}`] : []),
    ...(edited.length > 0 ? [`edited ${edited.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(', ')}`] : []),
  ]
  if (changes.length === 0) return undefined
  return `migrations changed: ${changes.join('; ')}. ${held.length} held until the server starts again`
}

async function answer(
  response: { statusCode: number; setHeader(name: string, value: string): unknown; end(text: string): unknown },
  project: Project,
): Promise<void> {
  response.setHeader('content-type', 'application/json')
  try {
    response.end(manifestJson((await project.manifest()).data))
  } catch (error) {
    response.statusCode = 503
    const text = formatDiagnostics(failureOf(error).diagnostics, project.root)
    response.end(`${JSON.stringify({ error: text }, null, 2)}\n`)
  }
}
