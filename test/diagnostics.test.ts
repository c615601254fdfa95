import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BUILD, type BuildCode } from '../src/diagnostics/build.ts'
import type { CatalogueEntry } from '../src/diagnostics/diagnostic.ts'
import { explain } from '../src/errors.ts'
import { exampleOf } from './error-examples.ts'
import { PLAN } from '../src/diagnostics/plan.ts'
import { RUN } from '../src/diagnostics/run.ts'

const catalogue: readonly (readonly [string, CatalogueEntry])[] = [
  ...Object.entries(BUILD),
  ...Object.entries(RUN),
  ...Object.entries(PLAN),
].toSorted(([one], [other]) => (one < other ? -1 : 1))

/** Codes in the files below `folder` that `isRead` picks. */
function codesIn(folder: string, isRead: (file: string) => boolean): ReadonlySet<string> {
  const root = join(import.meta.dirname, '..', folder)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.m?ts$/.test(file) && isRead(file),
  )
  return new Set(files.flatMap((file) => readFileSync(join(root, file), 'utf8').match(/MIG_[BR]\d{4}/g) ?? []))
}

describe('the catalogue of errors', () => {
  it('holds exactly the codes that the source uses', () => {
    const used = codesIn('src', (file) => !file.startsWith('diagnostics'))
    expect([...used].toSorted()).toEqual(catalogue.map(([code]) => code).toSorted())
  })

  it('has a test that provokes each of them', () => {
    const tested = codesIn('test', (file) => file !== 'diagnostics.test.ts')
    expect(catalogue.map(([code]) => code).filter((code) => !tested.has(code))).toEqual([])
  })

  it('explains each of them to whoever asks', () => {
    for (const [code, page] of catalogue) expect(explain(code)).toBe(page)
    expect(explain('toString')).toBeUndefined()
  })

  it('is the page of the docs, with what each code of the build prints', async () => {
    // A client is none in a test runner.
    vi.stubEnv('VITEST', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    const pages: string[] = []
    for (const [code, { title, why, fix }] of catalogue) {
      const example = isOfBuild(code) ? ['```text', await exampleOf(code), '```', ''] : []
      pages.push([`## ${code}`, '', `**${title}.** ${why}`, '', ...example, `What to do: ${fix}`, ''].join('\n'))
    }
    await expect([INTRO, ...pages].join('\n')).toMatchFileSnapshot('../docs/errors.md')
  })
})

const INTRO = `# Errors

Codes are permanent. \`B\` codes stop a build, \`R\` codes a run or a plan. What a code of the build prints is shown by an
example; in yours the line \`fix\` says what to do in your case.
`

function isOfBuild(code: string): code is BuildCode {
  return code in BUILD
}
