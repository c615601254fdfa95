import { rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSite } from './build-site.mjs'
import { checkAvatars, checkSecondInstance, uploadAvatars } from './check-avatars.mjs'
import { checkData, checkUntouched } from './check-data.mjs'
import { checkPage } from './check-page.mjs'
import { createChecks, same } from './checks.mjs'
import { installNewest, skipRelease, takeOverWithoutEvents } from './newest-release.mjs'
import { makeOlderData } from './older-data.mjs'
import { printSnapshot } from './print-snapshot.mjs'
import { printTree } from './print-tree.mjs'
import { buildRelease } from './releases.mjs'
import { heading, note, paint } from './report.mjs'
import { readUploads } from './seed.mjs'
import { takeSnapshot } from './snapshot.mjs'
import { appliedBy, notCurrent, readManifest, startSite } from './start-site.mjs'

const travel = fileURLToPath(new URL('../travel', import.meta.url))

/**
 * @typedef {object} Story
 * @property {string} folder Where builds go.
 * @property {import('./installations.mjs').Installations} installations
 * @property {string | undefined} [damage] A picture of the older data that is to be lost.
 * @property {boolean} keep Whether the page is served in the end, until this process is ended.
 */

/**
 * From the older release to the newest.
 * @param {Story} story
 * @returns {Promise<boolean>} Whether everything was as it should be.
 */
export async function tell({ folder, installations, damage, keep }) {
  heading('An older release runs, and people use it')
  const installation = await installations.make('data')
  const olderServer = await buildRelease('older-release', join(folder, 'older'))
  const before = await makeBefore(olderServer, installation)
  if (damage !== undefined) {
    await rm(join(installation.data, 'files/pictures', damage))
    note(paint('yellow', `deleted ${damage}, as asked`))
  }
  const damaged = damage === undefined ? before : await takeSnapshot(installation)

  heading('The new release is built with Vite')
  const server = await buildSite(travel, join(folder, 'site'))
  note(`${(await readManifest(server)).migrations.length} migrations in ${shown(dirname(server))}`)

  const checks = createChecks()
  heading('It starts on the older data')
  const first = await startSite(server, installation)
  if (first.url === undefined) {
    heading('It did not come up: is anything lost?')
    checkUntouched(checks, damaged, await takeSnapshot(installation))
    console.log(`\n${paint('red', `FAILED: the site did not start: ${first.failure}`)}`)
    return false
  }
  const after = await takeSnapshot(installation)
  printSnapshot(after)
  heading(`Files in ${shown(join(installation.data, 'files'))}`)
  await printTree(join(installation.data, 'files'))

  heading('Is it right?')
  checkData(checks, before, after, appliedBy(first), await readUploads())
  checkSecondInstance(checks, after)
  await checkPage(checks, first.url, after)

  heading('Travellers upload avatars: the images component once more, in storages of its own')
  const uploaded = await uploadAvatars(first.url)
  const used = await takeSnapshot(installation)
  checkAvatars(checks, uploaded, after, used)
  await checkPage(checks, first.url, used)
  await first.stop()

  heading('It starts a second time')
  const second = await startSite(server, installation)
  const later = await takeSnapshot(installation)
  checks.check('nothing ran in either instance, and nothing was written', [
    ...notCurrent(second),
    ...same('log', later.log, used.log),
    ...same('log of the database', later.databaseLog, used.databaseLog),
    ...same('log of the second instance', later.avatars.log, used.avatars.log),
    ...same('files, keys and their logs', [...later.files], [...used.files]),
    ...same('keys', [...(later.events ?? [])], [...(used.events ?? [])]),
  ])
  await second.stop()

  const newest = await buildRelease('newer-release', join(folder, 'newer'))
  await takeOverWithoutEvents(checks, newest, installation)
  await installNewest(checks, newest, await installations.make('fresh'))
  await skipRelease(checks, newest, olderServer, await installations.make('skipped'))

  if (!checks.conclude()) return false
  if (keep) await serve(newest, installation)
  console.log('To open the page: npm run play -- --keep')
  if (installations.stay) {
    console.log(`or, on the data of this run: TRAVEL_DATA=${shown(installation.data)} PORT=3000 node ${shown(newest)}`)
  }
  return true
}

/**
 * @param {string} olderServer
 * @param {import('./installation.mjs').Installation} installation
 */
async function makeBefore(olderServer, installation) {
  for (const id of await makeOlderData(olderServer, installation)) note(id)
  const before = await takeSnapshot(installation)
  const rows = [...before.tables.values()].reduce((count, table) => count + table.length, 0)
  note(`${before.pictures.size} pictures in one folder, ${rows} rows, ${before.events?.size} keys`)
  return before
}

/**
 * Never returns.
 * @param {string} server
 * @param {import('./installation.mjs').Installation} installation
 */
async function serve(server, installation) {
  const { url } = await startSite(server, installation)
  console.log(`The page is at ${url} until you press Ctrl-C.`)
  await new Promise(() => {})
}

/** @param {string} path */
function shown(path) {
  return relative(process.cwd(), path)
}
