import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { startPostgres } from '../servers/postgres.mjs'
import { createDatabase, dropDatabase } from './databases/postgres.mjs'
import { findRedis } from './databases/redis.mjs'
import { installationOnDisk, installationOnServers } from './installation.mjs'

/**
 * Makes installations of the site, each with storages of its own, and takes the databases back in the end.
 * @typedef {object} Installations
 * @property {string} about Which storages they have.
 * @property {boolean} stay Whether they are there when this process has ended.
 * @property {(name: string) => Promise<import('./installation.mjs').Installation>} make With nothing in it.
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} folder
 * @returns {Installations}
 */
export function onDisk(folder) {
  return {
    about: 'SQLite, files and a JSON file; the state is in SQLite',
    stay: true,
    make: async (name) => installationOnDisk(join(folder, name)),
    close: async () => {},
  }
}

/**
 * On the PostgreSQL that DATABASE_URL names, else on one of its own; with the events in the Redis that REDIS_URL names
 * or that is on this machine, else in a file.
 * @param {string} folder
 * @returns {Promise<Installations>}
 */
export async function onServers(folder) {
  const server = await startPostgres()
  const redis = await findRedis()
  /** @type {(() => Promise<void>)[]} */
  const made = []
  return {
    about: `PostgreSQL, files and ${redis ? 'Redis' : 'a JSON file (no Redis answers)'}; the state is in a JSON file of its own`,
    stay: false,
    async make(name) {
      const unique = `travel_${name}_${randomBytes(6).toString('hex')}`
      const url = await createDatabase(server.url, unique)
      const installation = installationOnServers(
        join(folder, name),
        url,
        redis ? { url: redis, prefix: `${unique}:` } : null,
      )
      made.push(async () => {
        await dropDatabase(server.url, unique)
        if (redis) await installation.events.remove()
      })
      return installation
    },
    async close() {
      for (const take of made) await take()
      await server.stop()
    },
  }
}
