import { styleText } from 'node:util'

/**
 * @param {Parameters<typeof styleText>[0]} style
 * @param {string} text
 */
export function paint(style, text) {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text
}

/** @param {string} text */
export function heading(text) {
  console.log(`\n${paint('bold', text)}`)
}

/** @param {string} text */
export function note(text) {
  console.log(`  ${text}`)
}

/**
 * Prints what a starting server does, as it happens: one line for a migration that is applied, with its package, its
 * name, the storages that it changes and its time.
 * @param {import('./manifest.d.mts').EmittedManifest} manifest
 * @returns {(line: import('./events.d.mts').ServerLine) => void}
 */
export function createProgress(manifest) {
  const names = manifest.migrations.map(({ id }) => splitId(id))
  const widths = [
    Math.max(...names.map(([owner]) => owner.length)),
    Math.max(...names.map(([, name]) => name.length)),
    Math.max(...manifest.migrations.map(({ uses }) => storagesOf(uses, 'avatars').length)),
  ]
  const uses = new Map(manifest.migrations.map((migration) => [migration.id, migration.uses]))
  const start = performance.now()

  /** @param {string} text */
  const at = (text) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(2)
    console.log(`  ${paint('dim', `${seconds.padStart(6)} s`)}  ${text}`)
  }

  return (line) => {
    if (line.type === 'applied') {
      const [owner, name] = splitId(line.id)
      const storages = storagesOf(uses.get(line.id) ?? {}, line.instance)
      const columns = [owner, name, storages].map((cell, k) => cell.padEnd(widths[k] ?? 0))
      at(`${paint('green', '✔')} ${columns.join('  ')}  ${String(line.ms).padStart(5)} ms`)
    } else if (line.type === 'log') at(`  ${paint('dim', `${line.id} says: ${line.message}`)}`)
    else if (line.type === 'finding') at(paint('yellow', `! ${line.finding.text}`))
    else if (line.type === 'waiting') at(`waits for ${line.target}: ${line.reason}`)
    else if (line.type === 'overtaken') at(`another process was first with ${line.id}`)
    else if (line.type === 'migrated') {
      const count = line.applied.length
      at(
        `${line.instance} ${line.outcome}: ${count === 0 ? 'nothing ran' : `${count} migration${count === 1 ? '' : 's'} applied`}`,
      )
    } else if (line.type === 'listening') at(`listens on ${line.url}`)
    else if (line.type === 'stopped') at(paint('red', `✘ ${line.message}`))
  }
}

/** What the configuration of the second instance binds roles to. Elsewhere a role's storage is named like it. */
const BOUND = new Map([
  ['db', 'avatars'],
  ['files', 'avatarFiles'],
])

/**
 * @param {Readonly<Record<string, string>>} uses
 * @param {import('./events.d.mts').OfInstance['instance']} instance
 */
function storagesOf(uses, instance) {
  return Object.keys(uses)
    .map((role) => (instance === 'avatars' ? BOUND.get(role) : undefined) ?? role)
    .join(' + ')
}

/**
 * @param {string} id
 * @returns {[string, string]}
 */
function splitId(id) {
  const colon = id.lastIndexOf(':')
  return [id.slice(0, colon), id.slice(colon + 1)]
}
