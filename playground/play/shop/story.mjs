import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChecks, same } from '../checks.mjs'
import { createDatabase, dropDatabase } from '../databases/postgres.mjs'
import { runNode } from '../processes.mjs'
import { heading, note } from '../report.mjs'
import { tellOfColdStarts } from './cold-starts.mjs'
import { tellOfCrowd } from './crowd.mjs'

/**
 * Builds the shop, and starts its one file in as many processes as a crowd of customers causes.
 * @param {string} folder
 * @param {string} server Url of a database for administration.
 * @returns {Promise<boolean>} Whether everything was as it should be.
 */
export async function tellOfShop(folder, server) {
  heading('The shop is built with esbuild into one file, which moves into an empty folder')
  const bundle = await buildShop(folder)
  note(`${await readdir(dirname(bundle))} in ${dirname(bundle)}`)

  const databases = [1, 2].map((number) => `shop_${number}_${randomBytes(6).toString('hex')}`)
  const checks = createChecks()
  try {
    for (const [index, tell] of [tellOfColdStarts, tellOfCrowd].entries()) {
      const url = await createDatabase(server, databases[index] ?? '')
      await tell(checks, bundle, url, join(folder, `files-${index + 1}`))
    }
  } finally {
    for (const database of databases) await dropDatabase(server, database)
  }
  checks.check('the function has only its own file', same('files', await readdir(dirname(bundle)), ['shop.mjs']))
  return checks.conclude()
}

/** @param {string} folder */
async function buildShop(folder) {
  const built = join(folder, 'built/shop.mjs')
  await runNode([fileURLToPath(new URL('../../shop/build.mjs', import.meta.url)), built], {})
  const bundle = join(folder, 'function/shop.mjs')
  await mkdir(dirname(bundle))
  await copyFile(built, bundle)
  return bundle
}
