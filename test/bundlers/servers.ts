import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'

/** What a server of the fixture prints. */
export interface Printed {
  readonly manifest: ManifestData
  readonly ranAtStart: readonly string[]
  readonly loaded: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** What one that migrates prints too. */
export interface Migrated extends Printed {
  /** Of two calls. */
  readonly outcomes: readonly string[]
  readonly applied: readonly string[]
  /** The modules that ran up to then. */
  readonly ran: readonly string[]
}

/** Runs a built server in a process of its own. @param folder where it works */
export async function run<Answer extends Printed = Printed>(file: string, folder: string): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder })
  return JSON.parse(stdout) as Answer
}

/** Makes packages of this repository resolvable from everywhere in `folder`. */
export function link(folder: string, packages: readonly string[]): void {
  const modules = join(import.meta.dirname, '../../node_modules')
  mkdirSync(join(folder, 'node_modules'))
  for (const name of packages) symlinkSync(join(modules, name), join(folder, 'node_modules', name))
}

export interface Storages {
  /** Statements that would make what is there, by name. */
  readonly tables: Readonly<Record<string, string>>
  readonly app: readonly unknown[]
  /** What the log of the database says of migrations. */
  readonly log: readonly unknown[]
  readonly files: readonly string[]
  readonly text: string
  readonly settings: unknown
}

/** All that a run of the fixture left in its storages, without times and the names of attempts. */
export function storagesIn(folder: string): Storages {
  const database = new Database(join(folder, 'app.db'), { readonly: true })
  const schema = database.prepare("select name, sql from sqlite_schema where tbl_name <> 'unplugin_migrations'")
  const log = database.prepare("select id, hash, done from unplugin_migrations where kind = 'up' order by serial")
  const storages = {
    tables: Object.fromEntries(schema.raw().all() as [string, string][]),
    app: database.prepare('select * from app').all(),
    log: log.all(),
    files: readdirSync(join(folder, 'files')).filter((name) => name !== '.migrations'),
    text: readFileSync(join(folder, 'files/classic.txt'), 'utf8'),
    settings: JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as unknown,
  }
  database.close()
  return storages
}
