import { escapeControls } from '../diagnostics/escape-controls.ts'
import { formatDiagnostics, formatWarning } from '../scan/report/format-diagnostic.ts'
import { changeLine } from './change-line.ts'
import type { CommandInput, CommandOutput } from './command.ts'
import { scanWithLock } from './scan-with-lock.ts'

/** What there is, and how it differs from `migrations.lock`. Writes nothing. */
export async function status(input: CommandInput): Promise<CommandOutput> {
  const { app, packages, migrations, diagnostics, lock } = await scanWithLock(input, { mode: 'follow', accept: [] })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = diagnostics
    .filter(({ severity }) => severity === 'warning')
    .map((warning) => formatWarning(warning, app.root))
  if (errors.length > 0) return { text: [formatDiagnostics(errors, app.root), ...warnings].join('\n\n'), isWell: false }
  const lines = packages.map(({ name, version }) => {
    const own = migrations.filter((migration) => migration.package === name)
    return escapeControls(
      `${name}@${version}: ${own.length} ${own.length === 1 ? 'migration' : 'migrations'}${own.length > 0 ? `, up to ${own.at(-1)?.id.slice(name.length + 1) ?? ''}` : ''}`,
    )
  })
  const changes = lock?.changes.map(changeLine) ?? []
  const differing =
    changes.length === 0 ? ['migrations.lock holds all of it.'] : ['Not in migrations.lock as it is:', ...changes]
  return { text: [...lines, ...differing, ...warnings].join('\n'), isWell: true }
}
