// `npm run play`: the travel site takes over the data of an older release. See README.md beside this file.
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { onDisk, onServers } from './play/installations.mjs'
import { killAll } from './play/processes.mjs'
import { note } from './play/report.mjs'
import { tell } from './play/story.mjs'

const { values: options } = parseArgs({
  options: {
    /** Where data and builds go: a folder that does not exist yet. Default: `travel/.play`, emptied first. */
    folder: { type: 'string' },
    /** On PostgreSQL and Redis instead of SQLite and a JSON file. */
    pg: { type: 'boolean', default: false },
    /** Deletes this picture of the older data, to see what happens then. */
    damage: { type: 'string' },
    /** Goes on serving the page until Ctrl-C. */
    keep: { type: 'boolean', default: false },
  },
})
const own = fileURLToPath(new URL('travel/.play', import.meta.url))
const folder = resolve(options.folder ?? own)
if (folder === own) await rm(own, { recursive: true, force: true })
await mkdir(folder)

const installations = options.pg ? await onServers(folder) : onDisk(folder)
process.on('exit', killAll)
/** @type {Promise<void> | undefined} */
let stopping
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop(options.keep ? 0 : 130))

try {
  note(installations.about)
  const isRight = await tell({ ...options, folder, installations })
  await stop(isRight ? 0 : 1)
} catch (error) {
  if (stopping === undefined) console.error(error)
  await stop(1)
}

/**
 * The first who calls decides.
 * @param {number} code
 */
function stop(code) {
  stopping ??= (async () => {
    killAll()
    await installations.close()
    process.exit(code)
  })()
  return stopping
}
