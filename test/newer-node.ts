import { execFile, execFileSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

/**
 * A Node that has node:sqlite: this one, else the one that NEWER_NODE names. Where none is, says what to do.
 *
 * @throws when NEWER_NODE names no Node, or one without node:sqlite
 */
export function findNodeWithSqlite(): string | undefined {
  if (process.getBuiltinModule('node:sqlite')) return process.execPath
  const { NEWER_NODE } = process.env
  if (NEWER_NODE === undefined) {
    const folder = '/tmp/newer-node'
    const [install, set] = [`npm install --prefix ${folder} node@24`, `NEWER_NODE=${folder}/node_modules/node/bin/node`]
    console.warn(`skipped: Node ${process.version} has no node:sqlite. To run it: ${install}; then ${set} npm test`)
    return undefined
  }
  execFileSync(NEWER_NODE, ['--eval', 'require("node:sqlite")'], { stdio: 'pipe' })
  return NEWER_NODE
}

/** The tests of this very `file`, which are declared only where Node has node:sqlite, in a Node that has it. */
export function testOnNewerNode(file: string, atLeast: number): void {
  const node = findNodeWithSqlite()
  it.skipIf(node === undefined)('passes on a Node that has node:sqlite', async () => {
    const report = JSON.parse(await runVitest(node ?? '', relative(import.meta.dirname, file))) as Report
    const cases = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(cases.filter(({ status }) => status !== 'passed')).toEqual([])
    expect(report).toMatchObject({ success: true, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 })
    expect(report.numPassedTests).toBeGreaterThanOrEqual(atLeast)
  })
}

/** What is used of vitest's report. */
interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Answers the report as JSON, which there is too when tests failed. */
function runVitest(node: string, file: string): Promise<string> {
  const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
  const config = join(import.meta.dirname, 'vitest.config.ts')
  // What the vitest around it tells its workers is not for this one.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const env = { ...Object.fromEntries(own), NO_COLOR: '1' }
  return new Promise((resolve, reject) => {
    execFile(node, [vitest, 'run', '--config', config, file, '--reporter=json'], { env }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(new Error(`${node} ran no test of ${file}: ${stdout}${stderr}`, { cause: error }))
    })
  })
}
