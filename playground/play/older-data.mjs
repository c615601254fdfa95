import { runNode } from './processes.mjs'
import { seed } from './seed.mjs'

/**
 * Makes the data of an older release by running that release: started on empty storages, it migrates them. Then people
 * book trips and upload pictures. So the logs are what the runtime wrote then, and not an imitation.
 * @param {string} server The older release's.
 * @param {import('./installation.mjs').Installation} installation
 * @returns {Promise<readonly string[]>} Ids of the migrations that it applied.
 */
export async function makeOlderData(server, installation) {
  const output = await runNode([server], { env: installation.env })
  await seed(installation)
  return JSON.parse(output)
}
