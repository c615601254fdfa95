// `npm run play`: the travel site takes over the data of an older release. See README.md beside this file.
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildSite } from './play/build-site.mjs'
import { checkData, checkUntouched } from './play/check-data.mjs'
import { checkPage } from './play/check-page.mjs'
import { createChecks, same } from './play/checks.mjs'
import { makeOlderData } from './play/older-release.mjs'
import { printTable } from './play/print-table.mjs'
import { printTree } from './play/print-tree.mjs'
import { killAll, startServer } from './play/processes.mjs'
import { createProgress, heading, note, paint } from './play/report.mjs'
import { readUploads } from './play/seed.mjs'
import { takeSnapshot } from './play/snapshot.mjs'

const travel = fileURLToPath(new URL('travel', import.meta.url))
const { values: options } = parseArgs({
  options: {
    /** Where data and builds go: a folder that does not exist yet. Default: `travel/.play`, emptied first. */
    folder: { type: 'string' },
    /** Deletes this picture of the older data, to see what happens then. */
    damage: { type: 'string' },
    /** Goes on serving the page until Ctrl-C. */
    keep: { type: 'boolean', default: false },
  },
})
const own = join(travel, '.play')
const folder = resolve(options.folder ?? own)
const data = join(folder, 'data')

process.on('exit', killAll)
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM'])
for (const signal of SIGNALS) process.once(signal, () => process.exit(130))

if (folder === own) await rm(own, { recursive: true, force: true })
await mkdir(folder)

heading('An older release runs, and people use it')
const older = await makeOlderData(join(folder, 'older'), data)
const before = await takeSnapshot(data)
for (const id of older) note(id)
note(`${before.pictures.size} pictures in one folder, ${countRows(before)} rows, ${before.events.size} keys`)
if (options.damage !== undefined) {
  await rm(join(data, 'files/pictures', options.damage))
  note(paint('yellow', `deleted ${options.damage}, as asked`))
}
const damaged = options.damage === undefined ? before : await takeSnapshot(data)

heading('The new release is built with Vite')
const server = await buildSite(travel, join(folder, 'site'))
const manifest = JSON.parse(await readFile(join(dirname(server), 'migrations.manifest.json'), 'utf8'))
note(`${manifest.migrations.length} migrations in ${shown(dirname(server))}`)

const checks = createChecks()
heading('It starts on the older data')
const first = await start()
if (first.url === undefined) {
  heading('It did not come up: is anything lost?')
  checkUntouched(checks, damaged, await takeSnapshot(data))
  console.log(`\n${paint('red', `FAILED: the site did not start: ${first.failure}`)}`)
  process.exit(1)
}
const after = await takeSnapshot(data)
for (const [table, rows] of after.tables) printTable(table, rows, after.types.get(table))
printTable(
  'unplugin_migrations',
  after.log.map(({ serial, kind, id, hash, at }) => ({ serial, kind, id, hash, at })),
)
printTable(
  'events',
  [...after.events].map(([key, value]) => ({ key, value: Array.isArray(value) ? `${value.length} visits` : value })),
)
heading(`Files in ${shown(join(data, 'files'))}`)
await printTree(join(data, 'files'))

heading('Is it right?')
checkData(checks, before, after, first.applied, await readUploads())
await checkPage(checks, first.url, after)
await first.stop()

heading('It starts a second time')
const second = await start()
const later = await takeSnapshot(data)
checks.check('nothing ran, and nothing was written', [
  ...same('outcome', [second.outcome, second.applied], ['current', []]),
  ...same('log', later.log, after.log),
  ...same('files, keys and their logs', [...later.files], [...after.files]),
])

const { passed, failed } = checks.counts()
if (failed > 0) {
  console.log(`\n${paint('red', `FAILED: ${failed} of ${passed + failed} checks`)}`)
  process.exit(1)
}
console.log(`\n${paint('green', `All ${passed} checks hold.`)}`)
if (options.keep) {
  console.log(`The page is at ${second.url} until you press Ctrl-C.`)
  for (const signal of SIGNALS) process.removeAllListeners(signal).once(signal, () => void second.stop())
} else {
  await second.stop()
  console.log('To open the page: npm run play -- --keep')
  console.log(`or, on the data of this run: TRAVEL_DATA=${shown(data)} PORT=3000 node ${shown(server)}`)
}

/** Starts the built site, shows what it does, and waits until it listens or has failed. */
async function start() {
  const show = createProgress(manifest)
  /** @type {readonly import('unplugin-migrations/runtime').Applied[]} */
  let applied = []
  let [outcome, failure] = ['none', 'it ended without a word']
  const { url, stop } = await startServer(server, { TRAVEL_DATA: data, PORT: '0' }, (line) => {
    show(line)
    if (line.type === 'migrated') ({ applied, outcome } = line)
    if (line.type === 'failed') failure = line.message
  })
  return { url, stop, applied, outcome, failure }
}

/** @param {import('./play/snapshot.mjs').Snapshot} snapshot */
function countRows({ tables }) {
  return [...tables.values()].reduce((count, rows) => count + rows.length, 0)
}

/** @param {string} path */
function shown(path) {
  return relative(process.cwd(), path)
}
