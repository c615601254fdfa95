import { escapeControls } from '../diagnostics/escape-controls.ts'
import { formatPath } from '../scan/report/format-diagnostic.ts'
import type { CommandInput, CommandOutput } from './command.ts'
import { scanWithLock } from './scan-with-lock.ts'

/** How a package came here, and what it brings, or why it brings nothing. */
export async function why(input: CommandInput): Promise<CommandOutput> {
  const [wanted = ''] = input.words
  const { app, packages, installed, ignored, migrations } = await scanWithLock(input, { mode: 'follow', accept: [] })
  const bringing = packages.filter(({ name, installedAs }) => name === wanted || installedAs === wanted)
  const instances = installed.filter(({ name, root }) => name === wanted || bringing.some((one) => one.root === root))
  if (instances.length === 0)
    return { text: escapeControls(`${wanted} is not in the dependency tree of ${app.name}.`), isWell: false }
  const lines = instances.flatMap(({ name, version, root, chain }) => {
    const carrier = bringing.find((one) => one.root === root)
    const own = migrations.filter((migration) => migration.package === carrier?.name)
    const reasons = ignored.filter((field) => field.file === `${root}/package.json`)
    return [
      `${name}@${version} in ${formatPath(root, app.root) || '.'}`,
      `  brought in by: ${chain.length === 0 ? 'it is the application' : chain.join(' → ')}`,
      ...(carrier?.folder === undefined
        ? ['  brings no migrations']
        : [`  migrations in ${formatPath(carrier.folder, app.root)}:`, ...own.map(({ id }) => `    ${id}`)]),
      ...reasons.map(({ field, reason }) => `  its field "${field}" is taken for another tool's: ${reason}`),
    ]
  })
  return { text: lines.map(escapeControls).join('\n'), isWell: true }
}
