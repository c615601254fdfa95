import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { Options, Result } from '../../src/runtime/options.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'odd-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const options = (): Options<'files' | 'events'> => ({
  adapters: { files: files(join(home, 'files')), events: jsonFile(join(home, 'events.json')) },
  state: jsonFile(join(home, 'state.json')),
  wait: 300,
})

const numbered = (number: number) =>
  migration({
    id: `app:${number}`,
    uses: { files: 'files', events: 'kv' },
    up: async ({ files: tree, events }) => {
      await tree.write(`${number}.txt`, Buffer.from('text'))
      await events.set('count', Number((await events.get('count')) ?? 0) + 1)
    },
  })

const run = (count: number): Promise<Result> =>
  migrate(manifestOf(Array.from({ length: count }, (_, index) => numbered(index + 1))), options())

const ODD: Readonly<Record<string, (path: string) => void>> = {
  'a folder': (path) => void mkdirSync(path),
  'a pipe that nobody writes to': (path) => void execFileSync('mkfifo', [path]),
  'a link to a device that is full': (path) => symlinkSync('/dev/full', path),
  'a link to a file': (path) => {
    writeFileSync(join(home, 'elsewhere'), '{"count":1}')
    symlinkSync(join(home, 'elsewhere'), path)
  },
  'a link to nothing': (path) => symlinkSync(join(home, 'nothing'), path),
  'a link to itself': (path) => symlinkSync(path, path),
}

/** Below the home. The last entry's name, and the next one's, are found in the folder. */
const LOGS = ['files/.migrations/log', 'state.json.migrations/log']
const PLACES = [
  ...LOGS.flatMap((log) => [`${log}/last`, `${log}/next`]),
  ...LOGS,
  'files/.migrations/lock/last',
  'files/.migrations',
  'state.json.migrations',
  'events.json',
]

function pathOf(place: string): string {
  const path = join(home, place)
  if (!/\/(last|next)$/.test(place)) return path
  const folder = join(path, '..')
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'))
  const last = names.toSorted().at(-1) ?? ''
  const name = place.endsWith('last') ? last : `${String(Number(last.slice(0, 10)) + 1).padStart(10, '0')}.json`
  return join(folder, name)
}

describe.skipIf(process.platform === 'win32').each(Object.entries(ODD))('%s', (what, make) => {
  // An empty folder of a state store is a state that was lost (D06).
  const places = what === 'a folder' ? PLACES.filter((place) => place !== 'state.json.migrations') : PLACES

  it.each(places)(
    'D09 as %s stops the run with an error of its own, and stays as it is',
    { timeout: 20_000 },
    async (place) => {
      await run(1)
      const path = pathOf(place)
      rmSync(path, { recursive: true, force: true })
      make(path)
      const before = lstatSync(path)
      const error: unknown = await run(2).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: expect.stringMatching(/^MIG_R0(10|2)/) })
      expect(lstatSync(path)).toMatchObject({ ino: before.ino, mode: before.mode })
      expect(existsSync(join(home, 'files/2.txt'))).toBe(false)
    },
  )
})
