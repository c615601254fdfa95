import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import * as vite from 'vite'
import migrations from '../../src/vite.ts'
import { collector, emitted } from './builds.ts'
import { write } from './fixture.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"
write(root, {
  'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
  'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n",
  'migrations/0001_a.ts': up,
})

it('a watching build by Vite follows what is edited, added and removed, also after an error', async () => {
  const watcher = await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    customLogger: collector([]),
    plugins: [migrations()],
    build: { ssr: join(root, 'server.js'), outDir: join(root, 'out'), watch: {} },
  })
  if (!('on' in watcher)) throw new Error('it does not watch')
  const errors: string[] = []
  watcher.on('event', (event) => {
    if (event.code === 'ERROR') errors.push(event.error.message)
  })
  const until = (isDone: (hashes: Readonly<Record<string, string>>) => boolean): Promise<void> =>
    vi.waitFor(
      () => {
        const hashes = emitted(join(root, 'out')).migrations.map(({ id, hash }) => [id, hash])
        expect(Object.fromEntries(hashes)).toSatisfy(isDone)
      },
      { timeout: 30_000, interval: 100 },
    )
  try {
    await until((hashes) => 'app:0001_a' in hashes)
    const [first] = emitted(join(root, 'out')).migrations
    write(root, { 'migrations/0002_b.sql': '-- uses: db\nselect 1;\n' })
    await until((hashes) => 'app:0002_b' in hashes)
    write(root, { 'migrations/0001_a.ts': `${up}export const down = false\n` })
    await until((hashes) => hashes['app:0001_a'] !== first?.hash)
    write(root, { 'migrations/0001_a.ts': 'export const uses = {' })
    await vi.waitFor(() => expect(errors.join('\n')).toContain('[MIG_B0301]'), { timeout: 30_000 })
    write(root, { 'migrations/0001_a.ts': up })
    await until((hashes) => hashes['app:0001_a'] === first?.hash)
    rmSync(join(root, 'migrations/0002_b.sql'))
    await until((hashes) => !('app:0002_b' in hashes))
  } finally {
    await watcher.close()
  }
})
