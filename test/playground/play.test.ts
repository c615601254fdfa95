import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installationOnDisk } from '../../playground/play/installation.mjs'
import { encodePng } from '../../playground/play/png.mjs'
import { startServer } from '../../playground/play/processes.mjs'
import { drawScene } from '../../playground/play/scene.mjs'
import { readUploads } from '../../playground/play/seed.mjs'
import { takeSnapshot } from '../../playground/play/snapshot.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const main = join(repository, 'playground/play.mjs')
let parent: string
let folder: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'play-'))
  folder = join(parent, 'play')
  // The built site finds its driver in a folder above it, as it does in the repository.
  symlinkSync(join(repository, 'node_modules'), join(parent, 'node_modules'), 'junction')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

function play(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--folder', folder, ...args], {
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('npm run play', () => {
  it('tells the whole story, and every check of it holds', () => {
    const { status, output } = play()
    expect(output).toContain('All 26 checks hold.')
    expect(status).toBe(0)
    for (const line of [
      /✔ @acme\/accounts +0002_display_name +db +\d+ ms/,
      /✔ @acme\/images +0003_content_addressed +db \+ files +\d+ ms/,
      /✔ @acme\/bookings +0002_cover +db +\d+ ms/,
      /✔ @acme\/activity +0002_by_day +events +\d+ ms/,
      /✔ @acme\/activity +0003_to_sql +events \+ db +\d+ ms/,
      /✔ travel +0002_trips_with_covers +db +\d+ ms/,
      /✔ @acme\/images +0003_content_addressed +avatars \+ avatarFiles +\d+ ms/,
      /✔ nothing ran in either instance, and nothing was written/,
      /✔ nothing ran: the squash stands for what the releases before applied/,
      /✔ @acme\/activity +0004_in_sql +db +\d+ ms/,
      /✘ \[MIG_R0305\] @acme\/activity:0004_in_sql: partly-squashed: @acme\/activity:0002_by_day/,
      /✔ nothing is lost: rows, keys, files and the log are as they were/,
      /is the same picture as pictures\/harbour/,
      /site migrated: 7 migrations applied/,
      /avatars migrated: 3 migrations applied/,
      /site current: nothing ran/,
      /avatars current: nothing ran/,
      /TRAVEL_DATA=\S+ PORT=3000 node \S+server\.mjs/,
    ]) {
      expect(output).toMatch(line)
    }
    expect(output).not.toContain('\u001B[')
  })

  it('tells the same story on PostgreSQL, with the state in a file of its own', () => {
    const { status, output } = play('--pg')
    expect(output).toContain('All 26 checks hold.')
    expect(status).toBe(0)
    expect(output).toContain('PostgreSQL, files and ')
    expect(existsSync(join(folder, 'data/travel.db'))).toBe(false)
    expect(existsSync(join(folder, 'data/state.json.migrations/log/0000000000.json'))).toBe(true)
  })

  it('fails when a picture is gone, loses nothing, and goes on once the picture is back', async () => {
    const { status, output } = play('--damage', 'pass.png')
    expect(status).toBe(1)
    expect(output).toMatch(/FAILED: the site did not start: .*pictures\/pass\.png, which cannot be read/)
    expect(output).not.toContain('✘ the')

    const data = join(folder, 'data')
    const database = new Database(join(data, 'travel.db'), { readonly: true })
    expect(database.prepare('select id, path from images order by id').all()).toMatchObject([
      { id: 1, path: 'pictures/harbour.png' },
      { id: 2, path: 'pictures/IMG_2041.png' },
      { id: 3, path: 'pictures/pass.png' },
      { id: 4, path: 'pictures/old-forest.png' },
      { id: 5, path: 'pictures/desert & dunes.png' },
      { id: 6, path: 'pictures/harbour-copy.png' },
      { id: 7, path: 'pictures/night-train.jpg' },
      { id: 8, path: 'pictures/market.jpeg' },
    ])
    expect(database.pragma('table_info(images)')).toHaveLength(5)
    database.close()

    // The backup of the picture that was lost.
    const scene = (await readUploads()).find(({ file }) => file === 'pass.png')?.scene
    if (scene === undefined) throw new Error('pass.png is drawn no more')
    writeFileSync(join(data, 'files/pictures/pass.png'), encodePng(scene.width, scene.height, drawScene(scene)))

    const lines: object[] = []
    const server = await startServer(join(folder, 'site/server.mjs'), { TRAVEL_DATA: data, PORT: '0' }, (line) =>
      lines.push(line),
    )
    await server.stop()
    expect(server.url).toMatch(/^http:\/\/localhost:\d+\/$/)
    const { tables, pictures, damage } = await takeSnapshot(installationOnDisk(data))
    expect(damage).toEqual([])
    expect(tables.get('images')).toHaveLength(8)
    expect(
      [...pictures.keys()].filter((path) => /^pictures\/..\/..\/[0-9a-f]{64}\.(png|jpg)$/.test(path)),
    ).toHaveLength(7)
    expect(readFileSync(join(data, 'files/pictures/README.txt'), 'utf8')).toContain('images')
  })
})
