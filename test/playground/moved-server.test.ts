import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServerLine } from '../../playground/play/events.d.mts'
import { buildSite } from '../../playground/play/build-site.mjs'
import { installationOnDisk } from '../../playground/play/installation.mjs'
import { makeOlderData } from '../../playground/play/older-data.mjs'
import { startServer } from '../../playground/play/processes.mjs'
import { buildRelease } from '../../playground/play/releases.mjs'
import { takeSnapshot } from '../../playground/play/snapshot.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url)).slice(0, -1)
const travel = join(repository, 'playground/travel')
let folder: string

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'moved-')))
  const older = await buildRelease('older-release', join(folder, 'older'))
  await makeOlderData(older, installationOnDisk(join(folder, 'data')))
  await buildSite(travel, join(folder, 'built'))
  cpSync(join(folder, 'built'), join(folder, 'moved'), { recursive: true })
  rmSync(join(folder, 'older'), { recursive: true })
  rmSync(join(folder, 'built'), { recursive: true })
  copyDriver(join(folder, 'moved/node_modules'), ['better-sqlite3', 'bindings', 'file-uri-to-path'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A driver and what it loads at run time, each from where the one before finds it. */
function copyDriver(to: string, [name, ...loaded]: readonly string[], from: string = import.meta.url): void {
  if (name === undefined) return
  const manifest = createRequire(from).resolve(`${name}/package.json`)
  cpSync(dirname(manifest), join(to, name), { recursive: true, filter: (source) => !/[\\/](deps|src)$/.test(source) })
  copyDriver(to, loaded, manifest)
}

describe('the built server, alone in a folder with its driver', () => {
  it('holds no migration as a file', () => {
    const files = readdirSync(join(folder, 'moved'), { recursive: true }).map(String)
    const own = files.filter((file) => !file.startsWith('node_modules'))
    expect(own).toContain('server.mjs')
    expect(own.filter((file) => /\.(sql|ts)$|(^|[\\/])migrations$/.test(file))).toEqual([])
    for (const file of own.filter((name) => /\.(mjs|json)$/.test(name))) {
      const text = readFileSync(join(folder, 'moved', file), 'utf8')
      expect(text.includes(repository), `${file} names the folder that it was built in`).toBe(false)
    }
  })

  it('migrates the older data and serves it, where Node lets it read nothing but its folder and the data', async () => {
    const lines: ServerLine[] = []
    const server = await startServer(
      join(folder, 'moved/server.mjs'),
      {
        TRAVEL_DATA: join(folder, 'data'),
        PORT: '0',
        NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${locked()}`,
      },
      (line) => lines.push(line),
    )
    if (server.url === undefined) throw new Error(`It did not start: ${JSON.stringify(lines)}`)
    const page = await fetch(server.url)
    await server.stop()

    expect(page.status).toBe(200)
    const runs = lines.flatMap((line) => (line.type === 'migrated' ? [line] : []))
    expect(runs.map(({ instance, outcome, applied }) => [instance, outcome, applied.length])).toEqual([
      ['site', 'migrated', 7],
      ['avatars', 'migrated', 3],
    ])
    const { tables, damage } = await takeSnapshot(installationOnDisk(join(folder, 'data')))
    expect(damage).toEqual([])
    expect(tables.get('images')?.map(({ hash }) => hash)).not.toContain(null)
  })

  it('is locked up for real: it cannot start where it may not read itself', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'moved/server.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: locked().replace('/moved', '/elsewhere') },
    })
    expect(stderr).toContain('ERR_ACCESS_DENIED')
    expect(status).not.toBe(0)
  })
})

/** Node's permission model: reads outside the two folders throw. The native driver is beyond it. */
function locked(): string {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const [moved, data] = [join(folder, 'moved'), join(folder, 'data')]
  return `${permission} --allow-addons --allow-fs-read=${moved}/* --allow-fs-read=${data}/* --allow-fs-write=${data}/*`
}
