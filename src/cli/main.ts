import { parseArgs } from 'node:util'
import type { Command } from './command.ts'
import { lock } from './lock.ts'
import { status } from './status.ts'
import { why } from './why.ts'

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['lock', lock],
  ['status', status],
  ['why', why],
])

const USAGE = `unplugin-migrations <command> [--root <folder>] [--path <folder>]

  lock                       write migrations.lock: what is new, and both sides of a merge
  lock --accept <id>         and accept that this migration changed, is gone, or comes late;
                             a package stands for all of its migrations; may be repeated
  status                     what there is, and how it differs from migrations.lock
  why <package>              how a package came here, and which migrations it brings

  --root   where the application is: the nearest package.json at or above it  [.]
  --path   the application's own folder of migrations, where a build has another one  [migrations]
`

/**
 * The command line. Connects to nothing and runs no migration.
 *
 * @returns the exit code: 0 all is well · 1 something has to be done first · 2 the command is not understood
 */
export async function main(words: readonly string[], folder: string): Promise<number> {
  const given = read(words)
  if (typeof given === 'string') return refuse(given)
  const { values, positionals } = given
  const [name, ...rest] = positionals
  if (values.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const command = COMMANDS.get(name ?? '')
  if (!command) return refuse(name === undefined ? 'A command is missing.' : `There is no command "${name}".`)
  if (values.accept && name !== 'lock') return refuse(`\`--accept\` belongs to the command \`lock\`.`)
  if (rest.length !== (name === 'why' ? 1 : 0))
    return refuse(`The command \`${name}\` takes ${name === 'why' ? 'one package' : 'no more words'}.`)
  const { text, isWell } = await command({
    root: values.root ?? folder,
    ...(values.path === undefined ? {} : { path: values.path }),
    words: rest,
    accept: values.accept ?? [],
  })
  process[isWell ? 'stdout' : 'stderr'].write(`${text}\n`)
  return isWell ? 0 : 1
}

function read(words: readonly string[]): ReturnType<typeof parsed> | string {
  try {
    return parsed(words)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function parsed(words: readonly string[]): {
  readonly values: {
    readonly root?: string
    readonly path?: string
    readonly accept?: string[]
    readonly help?: boolean
  }
  readonly positionals: readonly string[]
} {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      root: { type: 'string' },
      path: { type: 'string' },
      accept: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

function refuse(reason: string): number {
  process.stderr.write(`${reason}\n\n${USAGE}`)
  return 2
}
