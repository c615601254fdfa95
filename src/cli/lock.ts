import { isDifferent, LOCK_FILE } from '../scan/lock/lock-file.ts'
import { replaceFile } from '../scan/replace-file.ts'
import { formatDiagnostics, formatWarning } from '../scan/report/format-diagnostic.ts'
import { changeLine } from './change-line.ts'
import type { CommandInput, CommandOutput } from './command.ts'
import { scanWithLock } from './scan-with-lock.ts'

/** Writes `migrations.lock`, or says what stands against that and writes nothing. */
export async function lock(input: CommandInput): Promise<CommandOutput> {
  const {
    app,
    diagnostics,
    lock: found,
    packages,
  } = await scanWithLock(input, { mode: 'review', accept: input.accept })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning')
  if (errors.length > 0 || !found) return { text: formatDiagnostics(errors, app.root), isWell: false }
  const unknown = input.accept.filter(
    (word) => !found.changes.some(({ id, package: owner }) => id === word || owner === word),
  )
  if (unknown.length > 0)
    return {
      text: `Nothing of ${unknown.join(', ')} has to be accepted. \`--accept\` takes the id of a migration, or a package: ${packages.map(({ name }) => name).join(', ')}.`,
      isWell: false,
    }
  const said = [...warnings.map((warning) => formatWarning(warning, app.root)), ...found.changes.map(changeLine)]
  if (!isDifferent(found.file)) return { text: [...said, `${LOCK_FILE} is up to date.`].join('\n'), isWell: true }
  replaceFile(found.file.path, found.file.after)
  return { text: [...said, `${LOCK_FILE} is written. Review and commit it.`].join('\n'), isWell: true }
}
