import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A folder into which the package managers were installed that are no dependency of this repository. */
const others = process.env['PACKAGE_MANAGERS']
const own = join(import.meta.dirname, '../..')

export interface Install {
  readonly name: string
  /** Of its package manager; absent where it comes with Node. */
  readonly program?: string
  /** Beside `package.json`, by path. */
  readonly settings: Readonly<Record<string, string>>
  /** The field in which an application says what its dependencies depend on. */
  readonly overrides: (versions: Readonly<Record<string, string>>) => object
  readonly install: readonly string[]
  /** What starts a script of the application. */
  readonly run?: readonly string[]
}

const yarn = others && join(others, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')
const bun = others && join(others, 'node_modules/bun/bin/bun.exe')
const pnpm = join(own, 'node_modules/pnpm/bin/pnpm.cjs')

const NPM = ['npm', 'install', '--offline', '--no-audit', '--no-fund']
const PNPM = [process.execPath, pnpm, 'install', '--offline', '--ignore-workspace', '--store-dir', '../store']

/** Each way to lay out packages, on the disk or not, of each package manager. */
export const INSTALLS: readonly Install[] = [
  { name: 'npm', settings: {}, overrides: (overrides) => ({ overrides }), install: NPM },
  {
    name: 'npm, nested',
    settings: {},
    overrides: (overrides) => ({ overrides }),
    install: [...NPM, '--install-strategy=nested'],
  },
  {
    name: 'npm, linked',
    settings: {},
    overrides: (overrides) => ({ overrides }),
    install: [...NPM, '--install-strategy=linked'],
  },
  { name: 'pnpm', program: pnpm, settings: {}, overrides: (overrides) => ({ pnpm: { overrides } }), install: PNPM },
  {
    name: 'pnpm, hoisted',
    program: pnpm,
    settings: { '.npmrc': 'node-linker=hoisted\n' },
    overrides: (overrides) => ({ pnpm: { overrides } }),
    install: PNPM,
  },
  ...yarnInstalls(),
  ...['isolated', 'hoisted'].map((linker) => ({
    name: `bun, ${linker}`,
    program: bun ?? '',
    settings: { 'bunfig.toml': `[install]\nlinker = "${linker}"\n` },
    overrides: (overrides: object) => ({ overrides }),
    install: [bun ?? '', 'install'],
  })),
]

function yarnInstalls(): readonly Install[] {
  return ['pnp', 'pnpm', 'node-modules'].map((linker) => ({
    name: `yarn, ${linker}`,
    program: yarn ?? '',
    settings: {
      '.yarnrc.yml': `nodeLinker: ${linker}\nglobalFolder: ../yarn\nenableTelemetry: false\n`,
      'yarn.lock': '',
    },
    overrides: (resolutions) => ({ resolutions }),
    install: [process.execPath, yarn ?? '', 'install'],
    ...(linker === 'pnp' ? { run: [process.execPath, yarn ?? '', 'node'] } : {}),
  }))
}

/** Whether it can be run here. */
export function isHere({ program }: Install): boolean {
  return program === undefined || existsSync(program)
}

if (!INSTALLS.every(isHere))
  console.warn(
    'skipped: installs of Yarn and Bun. To run them: npm install --prefix .tmp/package-managers @yarnpkg/cli-dist@4 bun@1 && (cd .tmp/package-managers && node node_modules/bun/install.js); then PACKAGE_MANAGERS=$PWD/.tmp/package-managers npm test',
  )

/** @returns what the command printed */
export async function runIn(
  folder: string,
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...process.env, CI: 'true', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', ...environment }
  const { stdout } = await execute(program, args, { cwd: folder, env, maxBuffer: 2 ** 26 })
  return stdout
}
