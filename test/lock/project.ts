import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'vitest'
import type { ManifestData } from '../../src/codegen/manifest-data.ts'
import { type Content, tree, write } from '../scan/tree.ts'
import { type Builder, type Host, type Ran, environment } from './builders.ts'

const command = join(import.meta.dirname, '../../dist/cli.js')

/** An application in a repository. Builds and commands are processes of their own. */
export interface Project {
  readonly root: string
  write(files: Readonly<Record<string, Content>>): void
  remove(path: string): void
  git(...words: readonly string[]): string
  /** All as it is now. */
  commit(): void
  build(host?: Host, builder?: Builder): Promise<Ran>
  /** Of a build that goes well. */
  manifest(host?: Host, builder?: Builder): Promise<ManifestData>
  /** `unplugin-migrations`. */
  command(...words: readonly string[]): Ran
  /** The lock file's text; absent where there is none. */
  lock(): string | undefined
  /** Names of the migrations in the lock file, in order. */
  names(): readonly string[]
}

/** An empty repository. */
export function repository(): string {
  const root = tree({ '.gitignore': 'node_modules\nout\n' })
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: root })
  return root
}

/** An application in a folder of its own. */
export function project(root: string, usual: Builder, files: Readonly<Record<string, Content>>): Project {
  mkdirSync(root, { recursive: true })
  const one: Project = {
    root,
    write: (more) => write(root, more),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    git: (...words) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    commit() {
      one.git('add', '-A', '.')
      one.git('commit', '-qm', 'as it is')
    },
    build: (host = 'vite', builder = usual) => builder(host, root),
    async manifest(host, builder) {
      const built = await one.build(host, builder)
      expect(built, built.says).toMatchObject({ code: 0 })
      return JSON.parse(built.out) as ManifestData
    },
    command(...words) {
      const given = { cwd: root, env: environment(), encoding: 'utf8', timeout: 60_000 } as const
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], given)
      return { code: status, says: stripVTControlCharacters(stdout + stderr), out: stdout }
    },
    lock() {
      try {
        return readFileSync(join(root, 'migrations.lock'), 'utf8')
      } catch {
        return undefined
      }
    },
    names: () => [...(one.lock() ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name),
  }
  one.write({ 'server.js': "import manifest from 'virtual:migrations'\nconsole.log(manifest)\n", ...files })
  return one
}
