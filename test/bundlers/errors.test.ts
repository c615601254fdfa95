import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Build, buildWithEsbuild, buildWithRolldown, buildWithRollup, buildWithVite, emitted } from './builds.ts'
import { type Files, withCrlf, write } from './fixture.ts'
import { esbuildErrorsOf, type HookError, hookErrorOf } from './shown.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'errors-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
function app(files: Files): string {
  const root = join(folder, `app${count++}`)
  write(root, {
    'package.json': '{ "name": "app", "version": "1.0.0", "private": true, "type": "module" }\n',
    'server.js': "import manifest from 'virtual:migrations'\nconsole.log(JSON.stringify(manifest))\n",
    'idle.js': "import { sep } from 'node:path'\nconsole.log(sep)\n",
    ...files,
  })
  return root
}

const up = "export const uses = { db: 'sql' }\nexport async function up() {}\n"

/** Each with the place that must be shown: file, line, column from 1, the line itself, and part of the fix. */
const CASES = {
  MIG_B0101: {
    files: {
      'migrations/0001_a.ts': `${up}export const dependsOn: readonly string[] = ['app:0002_b']\n`,
      'migrations/0002_b.ts': up,
    },
    place: ['migrations/0001_a.ts', 3, 46],
    message: /app:0001_a → app:0002_b → app:0001_a/,
    fix: /Remove one of these edges/,
  },
  MIG_B0104: {
    files: { 'migrations/0001_a.sql': '-- uses: db\n-- dependsOn: app:0009_none\nselect 1;\n' },
    place: ['migrations/0001_a.sql', 2, 15],
    message: /app:0001_a lists "app:0009_none"/,
    fix: /./,
  },
  MIG_B0102: {
    files: { 'migrations/0001_a.js': up, 'migrations/b/0002_b.js': `export const id = '0001_a'\n${up}` },
    place: ['migrations/0001_a.js', 1, 1],
    message: /are both app:0001_a/,
    fix: /Change the `id` of one of them/,
  },
  MIG_B0302: {
    files: { 'migrations/0001_a.ts': `const name = 'x'\n${up}\texport const /* ä😀 */ labels = [name]\n` },
    place: ['migrations/0001_a.ts', 4, 35],
    message: /`labels` is not literal/,
    fix: /Write the value itself/,
  },
} as const

/** Hosts with the hooks of Rollup, and what each writes before the message of an error. */
const ROLLUP_LIKE = [
  { host: 'Vite', build: buildWithVite, before: /^/ },
  {
    host: 'Rollup',
    build: buildWithRollup,
    before: /^Could not load \0virtual:migrations \(imported by \S+server\.js\): /,
  },
  { host: 'Rolldown', build: buildWithRolldown, before: /^/ },
] as const

const LINE_ENDS = { LF: (files: Files) => files, CRLF: withCrlf } as const

describe.each(Object.entries(LINE_ENDS))('with %s', (_, edit) => {
  const shown = ROLLUP_LIKE.flatMap((like) =>
    Object.entries(CASES).map(([code, problem]) => ({ ...like, code, ...problem })),
  )

  it.each(shown)('$code is shown by $host where it is', async ({ build, before, code, files, place, message, fix }) => {
    const root = app(edit(files))
    const error = await errorOf(build, root)
    const [file, line, column] = place
    expect(error).toMatchObject({
      plugin: 'unplugin-migrations',
      pluginCode: code,
      id: join(root, file),
      loc: { file: join(root, file), line, column: column - 1 },
    })
    expect(error.message).toMatch(message)
    expect(error.message.replace(before, '').startsWith(`[${code}] `)).toBe(true)
    expect(error.message).toMatch(fix)
    expect(error.message).toContain(`sources: ${file}:${line}:${column}`)
    expect(error.frame).toContain(`> ${line} | ${lineOf(files, file, line)}`)
    expect(error.shown).toContain(error.frame)
    expect(error.shown).not.toContain('    at ')
  })

  it.each(Object.entries(CASES))('%s is shown by esbuild where it is', async (code, { files, place, message, fix }) => {
    const [error, ...others] = await esbuildErrors(app(edit(files)))
    const [file, line, column] = place
    const lineText = lineOf(files, file, line)
    expect(others).toEqual([])
    expect(error?.text).toContain(`[${code}] `)
    expect(error?.text).toMatch(message)
    expect(error?.location).toMatchObject({
      file,
      line,
      column: Buffer.byteLength(lineText.slice(0, column - 1)),
      lineText,
    })
    expect(error?.notes.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(fix),
        expect.stringContaining(`docs/errors.md#${code.toLowerCase()}`),
      ]),
    )
  })
})

it('esbuild shows a place in a minified line by our frame', async () => {
  const line = `export const uses = { db: 'sql' }, up = () => '${'x'.repeat(100_000)}', labels = [name]`
  const [error] = await esbuildErrors(app({ 'migrations/0001_a.js': line }))
  expect(error).toMatchObject({ location: { line: 1, lineText: '' } })
  expect(error?.notes[0]?.text).toMatch(/^> 1 \| x+', labels = \[name\]\n {4}\| +\^$/)
})

describe('several problems at once', () => {
  const files = {
    'migrations/0001_a.ts': `${up}export const dependsOn = ['app:0002_b', 'nowhere:1']\n`,
    'migrations/0002_b.ts': up,
    'migrations/0003_c.ts': 'const name = "x"\nexport const uses = { db: name }\nexport async function up() {}\n',
  }
  const codes = ['MIG_B0101', 'MIG_B0105', 'MIG_B0302']

  it.each(ROLLUP_LIKE)('are all in the one error of $host, each with its frame', async ({ build, before }) => {
    const { message } = await errorOf(build, app(files))
    expect(
      message
        .replace(before, '')
        .match(/(?<=^\[)MIG_B\d+/gm)
        ?.toSorted(),
    ).toEqual(codes)
    expect(message.match(/^> \d \| /gm)).toHaveLength(codes.length)
  })

  it('are errors of their own in esbuild', async () => {
    const errors = await esbuildErrors(app(files))
    expect(errors.map(({ text }) => /MIG_B\d+/.exec(text)?.[0]).toSorted()).toEqual(codes)
    for (const { location } of errors) expect(location?.lineText).toMatch(/dependsOn|uses/)
  })
})

const BUILDS = {
  Vite: buildWithVite,
  Rollup: buildWithRollup,
  Rolldown: buildWithRolldown,
  esbuild: buildWithEsbuild,
} as const

describe.each(Object.entries(BUILDS))('%s', (_, build) => {
  it('says in one line that there are no migrations, and emits an empty manifest', async () => {
    const root = app({})
    const { lines } = await build({ app: root, out: join(root, 'out') })
    expect(lines.filter((line) => line.includes('MIG_'))).toEqual([
      expect.stringMatching(/^(\S+ \S+ )?\[MIG_B0213\] No migrations were found[^\n]*$/),
    ])
    expect(emitted(join(root, 'out'))).toMatchObject({ v: 1, migrations: [] })
  })

  it('says in one line that nothing imports the manifest, and emits none', async () => {
    const root = app({ 'migrations/0001_a.js': up })
    const { lines } = await build({ app: root, out: join(root, 'out'), entry: 'idle.js' })
    expect(lines.filter((line) => line.includes('MIG_'))).toEqual([
      expect.stringMatching(/^(\[plugin \S+\] )?\[MIG_B0402\] [^\n]*$/),
    ])
    expect(readdirSync(join(root, 'out'))).toEqual(['idle.js'])
  })

  it('passes warnings on with their place, and builds', async () => {
    const root = app({
      'migrations/0001_a.js': `import { answer } from '../answer.js'\n${up}void answer\n`,
      'answer.js': 'export const answer = 42\n',
    })
    const { lines } = await build({ app: root, out: join(root, 'out') })
    expect(lines.filter((line) => line.includes('[MIG_B0312]'))).toHaveLength(1)
    expect(emitted(join(root, 'out')).migrations).toHaveLength(1)
  })

  it('stops with a code at what has no code of its own', async () => {
    const root = app({ 'migrations/0001_a.js': up })
    const job = { app: root, out: join(root, 'out'), options: { root: 'no\0path' } }
    await expect(build(job)).rejects.toThrow(/\[MIG_B0403\] The migrations cannot be read: .*null bytes/)
    expect(existsSync(join(root, 'out/migrations.manifest.json'))).toBe(false)
  })
})

/** The one error of a host with the hooks of Rollup, and all that the host prints. */
async function errorOf(build: Build, root: string): Promise<HookError & { readonly shown: string }> {
  const failure: unknown = await build({ app: root, out: join(root, 'out') }).catch((error: unknown) => error)
  const { error, printed } = hookErrorOf(failure)
  return { ...error, message: error.message, shown: printed }
}

async function esbuildErrors(root: string): Promise<ReturnType<typeof esbuildErrorsOf>> {
  const job = { app: root, out: join(root, 'out') }
  return esbuildErrorsOf(await buildWithEsbuild(job).catch((error: unknown) => error))
}

function lineOf(files: Files, file: string, line: number): string {
  return files[file]?.split('\n')[line - 1] ?? ''
}
