import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import { postgresDatabase } from './databases/postgres.mjs'
import { redisEvents } from './databases/redis.mjs'
import { sqliteDatabase } from './databases/sqlite.mjs'

/**
 * One installation of the site: where its storages are, for the site and for whoever looks at them.
 * @typedef {object} Installation
 * @property {string} data A folder, which the site makes.
 * @property {Readonly<Record<string, string>>} env What tells the site's processes where its storages are.
 * @property {import('./databases/database.d.mts').PlayDatabase} database
 * @property {Events} events
 * @property {() => Promise<readonly import('./databases/database.d.mts').Row[]>} readLog The state store's.
 */

/**
 * The key-value storage of the older releases.
 * @typedef {object} Events
 * @property {() => Promise<ReadonlyMap<string, unknown> | null>} read `null`: there is none.
 * @property {(entries: ReadonlyMap<string, unknown>) => Promise<void>} add
 * @property {() => Promise<void>} remove The storage, with its log.
 */

/**
 * Everything in files of one folder, the state in the database.
 * @param {string} data
 * @returns {Installation}
 */
export function installationOnDisk(data) {
  const database = sqliteDatabase(join(data, 'travel.db'))
  return {
    data,
    env: { TRAVEL_DATA: data },
    database,
    events: eventsFile(join(data, 'events.json')),
    readLog: async () => (await database.read()).log,
  }
}

/**
 * The site's rows in PostgreSQL, the events in Redis where there is one, the state in a file that holds nothing else.
 * @param {string} data
 * @param {string} url
 * @param {{ readonly url: string, readonly prefix: string } | null} redis
 * @returns {Installation}
 */
export function installationOnServers(data, url, redis) {
  const state = join(data, 'state.json')
  return {
    data,
    env: {
      TRAVEL_DATA: data,
      TRAVEL_DATABASE_URL: url,
      TRAVEL_STATE: state,
      ...(redis && { TRAVEL_REDIS_URL: redis.url, TRAVEL_REDIS_PREFIX: redis.prefix }),
    },
    database: postgresDatabase(url),
    events: redis ? redisEvents(redis.url, redis.prefix) : eventsFile(join(data, 'events.json')),
    async readLog() {
      const entries = []
      for await (const entry of jsonFile(state).log.read(-1)) entries.push({ ...entry })
      return entries
    },
  }
}

/**
 * @param {string} file
 * @returns {Events}
 */
export function eventsFile(file) {
  const read = async () => {
    if (!existsSync(file)) return null
    return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8'))))
  }
  return {
    read,
    async add(entries) {
      await writeFile(file, JSON.stringify(Object.fromEntries([...((await read()) ?? []), ...entries])))
    },
    async remove() {
      await rm(file)
      await rm(`${file}.migrations`, { recursive: true })
    },
  }
}
