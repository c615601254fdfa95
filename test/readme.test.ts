import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'

const repository = join(import.meta.dirname, '..')
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'readme-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The blocks of code whose first line names a file. */
function filesOf(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^```(?:ts|sql)\n(?:\/\/|--) (\S+\.\w+)\n([^]*?)^```$/gm)
  return new Map(Array.from(blocks, ([, file = '', code = '']) => [file, code]))
}

/** The commands of a block, the comments behind them left out. */
function commandsWith(text: string, start: string): readonly string[] {
  const blocks = Array.from(text.matchAll(/^```sh\n([^]*?)^```$/gm), ([, code = '']) => code)
  const found = blocks.find((code) => code.startsWith(start)) ?? ''
  return found.trim().split('\n')
}

const readme = readFileSync(join(repository, 'README.md'), 'utf8')
const files = filesOf(readme)

function shell(command: string): string {
  return execFileSync(command, { cwd: folder, shell: true, encoding: 'utf8', stdio: 'pipe' })
}

beforeAll(() => {
  for (const [file, code] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), code)
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'notes', type: 'module', private: true }))
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  for (const name of ['better-sqlite3', 'vite', '.bin/vite'])
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
  symlinkSync(repository, join(folder, 'node_modules/unplugin-migrations'))
})

it('names the files of an application', () => {
  expect([...files.keys()]).toEqual([
    'vite.config.ts',
    'migrations/0001_notes.sql',
    'migrations/0002_files.ts',
    'migrations.config.ts',
    'server.ts',
  ])
})

it('leads a new user from an empty folder to a migrated database', () => {
  const [build = '', plan = '', run = ''] = commandsWith(readme, 'npx vite build')
  shell(build)
  expect(shell(plan)).toMatch(/notes:0001_notes.*notes:0002_files/s)
  expect(shell(run)).toMatch(/migrated \[ 'notes:0001_notes', 'notes:0002_files' \]/)
  expect(shell(run)).toBe('current []\n')
  expect(shell(plan)).not.toContain('notes:')
})

it('tells what to do with a database that has tables already', () => {
  rmSync(join(folder, 'app.db'))
  rmSync(join(folder, 'uploads'), { recursive: true, force: true })
  const database = new Database(join(folder, 'app.db'))
  database.exec(`create table notes (id integer primary key, text text not null, file text)`)
  database.exec(`insert into notes (text) values ('kept')`)
  const [build = '', , run = ''] = commandsWith(readme, 'npx vite build')
  expect(() => shell(run)).toThrow(/MIG_R0201.*already exists/s)
  expect(readme).toContain('`create table if not exists notes (…)`')
  const first = join(folder, 'migrations/0001_notes.sql')
  writeFileSync(first, readFileSync(first, 'utf8').replace('create table notes', 'create table if not exists notes'))
  shell(build)
  expect(shell(run)).toContain('migrated')
  expect(database.prepare('select text, file from notes').all()).toEqual([{ text: 'kept', file: 'notes/1.txt' }])
  database.close()
  expect(readFileSync(join(folder, 'uploads/notes/1.txt'), 'utf8')).toBe('kept')
})

it('names scripts that are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { readonly scripts: object }
  const named = Array.from(readme.matchAll(/npm (?:run )?([\w:]+)/g), ([, name = '']) => name)
  const own = named.filter((name) => name !== 'ci' && name !== 'install')
  expect(own.length).toBeGreaterThan(3)
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(own))
})
