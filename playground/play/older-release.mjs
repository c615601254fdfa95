import { join } from 'node:path'
import { buildSite } from './build-site.mjs'
import { checkOutOlderRelease } from './check-out.mjs'
import { runNode } from './processes.mjs'
import { seed } from './seed.mjs'

/**
 * Makes the data of an older release by running that release: it is laid out with the migrations that it had, built,
 * and started on empty storages, which it migrates. Then people book trips and upload pictures. So the logs are what
 * the runtime wrote then, and not an imitation.
 * @param {string} folder Where the older release is laid out.
 * @param {string} data
 * @returns {Promise<readonly string[]>} Ids of the migrations that it applied.
 */
export async function makeOlderData(folder, data) {
  await checkOutOlderRelease(folder)
  const server = await buildSite(folder, join(folder, 'dist'))
  const output = await runNode([server], { cwd: folder, env: { TRAVEL_DATA: data } })
  await seed(data)
  return JSON.parse(output)
}
