import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sqliteData } from './data.ts'

const folder = mkdtempSync(join(tmpdir(), 'sync-fails-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const traced = spawnSync('strace', ['-qq', '-f', '--seccomp-bpf', '-o', join(folder, 'probe'), 'true'])
const hasStrace = traced.status === 0
if (!hasStrace) console.log('skipped: calls of the system that fail need strace. To run it: apt-get install strace')

interface End {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

const STEP = 7

/** @param number of the call to put on stable storage, of each thread, that fails */
function run(home: string, number?: number): Promise<End> {
  const application = [process.execPath, join(import.meta.dirname, 'once.mjs'), home, 'own', 'better-sqlite3']
  const sync = ['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${number}`]
  const tracer =
    number === undefined ? [] : ['strace', '-f', '-qq', '--seccomp-bpf', '-o', join(home, 'trace'), ...sync]
  const [command = '', ...parameters] = [...tracer, ...application]
  // In one thread of their own, all calls that Node makes are counted together; those of SQLite are the main thread's.
  const child = spawn(command, parameters, { env: { ...process.env, UV_THREADPOOL_SIZE: '1' } })
  let out = ''
  let errors = ''
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (errors += String(text)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, errors }))
  })
}

describe.skipIf(!hasStrace)('a disk that does not write', () => {
  it(
    'D12 fails the run that is told so, whatever it was writing, and the next one does the rest once',
    { timeout: 300_000 },
    async () => {
      const codes = new Set<string>()
      let failed = 0
      for (let number = 1; ; number += STEP) {
        const data = await sqliteData(join(folder, `${number}`), 'own')
        const { code, errors } = await run(data.folder, number)
        const isInjected = readFileSync(join(data.folder, 'trace'), 'utf8').includes('INJECTED')
        if (!isInjected) break
        if (code !== 0) failed++
        const when = `call ${number}: ${errors}`
        const [, told] = /code: '(\w+)'/.exec(errors) ?? []
        if (code !== 0) codes.add(told ?? errors)
        expect(await run(data.folder), when).toMatchObject({ code: 0, errors: '' })
        expect(await data.rows('select id from effects'), when).toEqual([
          { id: 'app:0002_rows_and_files' },
          { id: 'app:0005_all' },
          { id: 'app:0006_rows' },
        ])
        expect(JSON.parse(readFileSync(join(data.folder, 'events.json'), 'utf8')), when).toEqual({ visits: 11 })
        const texts = readdirSync(join(data.folder, 'files'), { recursive: true, encoding: 'utf8' })
        expect(texts.filter((path) => path.endsWith('.txt')).toSorted(), when).toEqual([
          'moved/1/picture.txt',
          'moved/2/picture.txt',
        ])
        expect(existsSync(join(data.folder, 'files/.migrations/stage'))).toBe(true)
      }
      console.log(failed, codes)
      expect(failed, 'runs that were told').toBeGreaterThan(5)
      expect([...codes].filter((code) => !code.startsWith('MIG_R02'))).toEqual([])
    },
  )
})
