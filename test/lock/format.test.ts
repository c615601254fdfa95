import { assert, property } from 'fast-check'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EDGE_WORDS, type LockFile } from '../../src/scan/lock/lock-file.ts'
import { parseLock } from '../../src/scan/lock/parse.ts'
import { FIRST_LINE, digestOfBlock, printLock } from '../../src/scan/lock/print.ts'
import { hash, line, lockOf } from './lines.ts'

const example = lockOf({
  app: [
    line('0001_init'),
    line('0002_sizes', {
      edges: [
        { kind: 'parent', to: '0001_init', isForeign: false },
        { kind: 'needs', to: '@acme/accounts:0001_init', isForeign: true },
        { kind: 'before', to: 'billing:0003', isForeign: true },
      ],
    }),
    line('0003_gone', { retired: true, accepted: [hash('one'), hash('two')] }),
    line('views/all', { revision: 3 }),
  ],
  '@acme/accounts': [line('0001_init', { version: '2.1.0-rc.1+5' })],
})

describe('the lock file', () => {
  it('is read and written as it looks', () => {
    const accounts = `  0001_init ${hash('0001_init')} 2.1.0-rc.1+5\n`
    const app = [
      `  0001_init ${hash('0001_init')} 1.0.0`,
      `  0002_sizes ${hash('0002_sizes')} 1.0.0 parent=0001_init needs=!@acme/accounts:0001_init before=!billing:0003`,
      `  0003_gone ${hash('0003_gone')} 1.0.0 was ${hash('one')} was ${hash('two')} retired`,
      `  views/all r3 ${hash('views/all')} 1.0.0`,
      '',
    ].join('\n')
    const text = [
      'migrations.lock v1\n# What may run, and in which order. Written by unplugin-migrations: review and commit it.\n',
      `@acme/accounts ${digestOfBlock(accounts)}\n${accounts}`,
      `app ${digestOfBlock(app)}\n${app}`,
    ].join('\n')
    expect(printLock(example)).toBe(text)
    const { lock, problems, at } = parseLock(text)
    expect(problems).toEqual([])
    expect(printLock(lock)).toBe(text)
    expect(at.get('app:0002_sizes')).toBe(9)
  })

  it('comes back from its text, whatever is in it, also with the line ends of Windows and a mark', () => {
    assert(
      property(anyLock, (lock) => {
        const text = printLock(lock)
        for (const written of [text, `\uFEFF${text.replaceAll('\n', '\r\n')}`]) {
          const parsed = parseLock(written)
          expect(parsed.problems).toEqual([])
          expect(printLock(parsed.lock)).toBe(text)
        }
        expect(parseLock(text).lock).toEqual(sorted(lock))
      }),
    )
  })

  it.each([
    ['', 'malformed', 1],
    ['{}', 'malformed', 1],
    ['migrations.lock v2\n', 'newer', 1],
    ['<<<<<<< ours\nmigrations.lock v1\n', 'conflict', 1],
    [`${FIRST_LINE}\napp\n`, 'malformed', 2],
    [`${FIRST_LINE}\n../app 0123456789abcdef\n`, 'malformed', 2],
    [`${FIRST_LINE}\n  0001 ${hash('')} 1.0.0\n`, 'malformed', 2],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  ../0001 ${hash('')} 1.0.0\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  0001 h1:abc 1.0.0\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  0001 ${hash('')}\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  0001 ${hash('')} 1.0.0 was\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  0001 ${hash('')} 1.0.0 retired needs=x\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  __proto__ ${hash('')} 1.0.0\n`, 'malformed', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  a ${hash('')} 1\n  a ${hash('')} 1\n`, 'twice', 4],
    [`${FIRST_LINE}\napp 0123456789abcdef\napp 0123456789abcdef\n`, 'twice', 3],
    [`${FIRST_LINE}\napp 0123456789abcdef\n  a ${hash('')} 1\n`, 'digest', 2],
  ])('says what is wrong with %j', (text, kind, number) => {
    expect(parseLock(text).problems[0]).toMatchObject({ kind, line: number })
  })

  it('never throws, whatever a text holds', () => {
    const words = fc.constantFrom(
      'migrations.lock v1\n',
      'app ',
      '0123456789abcdef',
      '\n',
      '  ',
      'x ',
      `${hash('')} `,
      '1.0.0',
      ' was ',
      ' retired',
      '<<<<<<< a\n',
      '=======\n',
      '>>>>>>> b\n',
      'needs=',
      '!',
      '__proto__',
      '\r',
      '\u0000',
      '\uFEFF',
      '#',
      'r1 ',
    )
    const texts = fc
      .array(fc.oneof({ weight: 5, arbitrary: words }, fc.string({ unit: 'binary' })))
      .map((all) => all.join(''))
    assert(
      property(texts, (text) => {
        for (const each of [text, `${FIRST_LINE}\n${text}`]) {
          const { lock, problems } = parseLock(each)
          // What is read without a problem is all that there is.
          if (problems.length === 0) expect(parseLock(printLock(lock)).lock).toEqual(sorted(lock))
        }
      }),
      { numRuns: 500 },
    )
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('takes time in proportion to its length', () => {
    const many = Array.from({ length: 40_000 }, (_, index) => line(`${index}`))
    const text = printLock(lockOf({ app: many }))
    expect(parseLock(text).lock.packages[0]?.lines).toHaveLength(40_000)
    expect(parseLock(`${FIRST_LINE}\n${'<<<<<<<\n'.repeat(40_000)}`).problems).toHaveLength(40_000)
  })
})

const names = fc
  .stringMatching(/^[a-z0-9][A-Za-z0-9_-]{0,8}(?:\/[a-z0-9]{1,3})?$/)
  .filter((name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\/|$)/i.test(name) && !/\/(con|prn|aux|nul)$/.test(name))
const hashes = fc.string().map(hash)
const edges = fc.record({ kind: fc.constantFrom(...EDGE_WORDS), to: names, isForeign: fc.boolean() })
const lines = fc.record(
  {
    name: names,
    hash: hashes,
    accepted: fc.array(hashes, { maxLength: 3 }),
    version: fc.constantFrom('1.0.0', '0.0.0-x+1'),
    edges: fc.array(edges, { maxLength: 3 }),
    revision: fc.integer({ min: 1, max: 1e9 }),
    retired: fc.constant(true as const),
  },
  { requiredKeys: ['name', 'hash', 'accepted', 'version', 'edges'] },
)
const anyLock: fc.Arbitrary<LockFile> = fc
  .uniqueArray(
    fc.record({
      name: fc.stringMatching(/^(?:@[a-z]{1,4}\/)?[a-z][a-z0-9-]{0,6}$/),
      lines: fc.uniqueArray(lines, { selector: ({ name }) => name, minLength: 1 }),
    }),
    { selector: ({ name }) => name },
  )
  .map((packages) => ({ packages }))

function sorted({ packages }: LockFile): LockFile {
  const full = packages.filter(({ lines: all }) => all.length > 0)
  return { packages: full.toSorted(({ name: one }, { name: other }) => (one < other ? -1 : 1)) }
}
