import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, dropDatabase } from '../../playground/play/databases/postgres.mjs'
import { startPostgres } from '../../playground/servers/postgres.mjs'

const playground = fileURLToPath(new URL('../../playground', import.meta.url))
let folder: string
let server: Awaited<ReturnType<typeof startPostgres>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shop-'))
  server = await startPostgres()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('npm run play:shop', () => {
  it('shows cold starts of one file, alone and ten at once', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(playground, 'play-shop.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: server.url },
    })
    expect(stdout + stderr).toContain('All 8 checks hold.')
    expect(status).toBe(0)
    for (const line of [
      /shop\.mjs in \S+function\n/,
      /1 +migrated +8 +0 +200 +\d+/,
      /2 +current +0 +0 +200 200 200 200 +\d+/,
      /✔ each migration was applied once, by one of them/,
    ]) {
      expect(stdout).toMatch(line)
    }
  })
})

describe('the handler', () => {
  it('tries again in the next invocation after a cold start that failed', async () => {
    spawnSync(process.execPath, [join(playground, 'shop/build.mjs'), join(folder, 'shop.mjs')], { stdio: 'inherit' })
    writeFileSync(
      join(folder, 'instance.mjs'),
      `import { handler } from './shop.mjs'
      const context = { getRemainingTimeInMillis: () => 20_000 }
      process.on('message', async (rawPath) => process.send(await handler({ rawPath }, context)))`,
    )
    const database = `shop_${randomBytes(6).toString('hex')}`
    const url = new URL(server.url)
    url.pathname = `/${database}`
    const instance = fork(join(folder, 'instance.mjs'), {
      env: { ...process.env, DATABASE_URL: url.href, SHOP_FILES: join(folder, 'files') },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    try {
      expect(await invoke(instance, '/')).toMatchObject({ statusCode: 503 })
      await createDatabase(server.url, database)
      expect(await invoke(instance, '/')).toMatchObject({ statusCode: 200, body: expect.stringContaining('saffron') })
      expect(await invoke(instance, '/elsewhere')).toMatchObject({ statusCode: 404 })
    } finally {
      instance.kill('SIGKILL')
      await once(instance, 'close')
      await dropDatabase(server.url, database)
    }
  })
})

async function invoke(instance: ChildProcess, path: string): Promise<unknown> {
  const answer = once(instance, 'message')
  instance.send(path)
  return (await answer)[0]
}
