// `npm run play:shop`: a serverless function that migrates when it starts cold. See README.md beside this file.
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killAll } from './play/processes.mjs'
import { tellOfShop } from './play/shop/story.mjs'
import { startPostgres } from './servers/postgres.mjs'

process.on('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))

const folder = await realpath(await mkdtemp(join(tmpdir(), 'shop-')))
const server = await startPostgres()
try {
  const isRight = await tellOfShop(folder, server.url)
  process.exitCode = isRight ? 0 : 1
} finally {
  await server.stop()
  await rm(folder, { recursive: true })
}
