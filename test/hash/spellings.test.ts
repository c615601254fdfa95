import * as fc from 'fast-check'
import { parseSync, Visitor } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../src/sql/dialect.ts'
import { tokenize } from '../../src/sql/tokens.ts'
import { frozenHashes, goldenFiles } from './golden.ts'
import { hashesOf } from './golden-hashes.ts'

const FILES = Object.entries(goldenFiles())
const FROZEN = Object.fromEntries(frozenHashes())

async function expectFrozen(files: readonly (readonly [string, string])[]): Promise<void> {
  expect(Object.fromEntries(await hashesOf(Object.fromEntries(files)))).toEqual(FROZEN)
}

describe('V05 what never counts, in any fixture', () => {
  it('is the ends of lines', () => expectFrozen(FILES.map(([name, text]) => [name, text.replaceAll('\n', '\r\n')])))

  it('is a byte order mark', () => expectFrozen(FILES.map(([name, text]) => [name, `\uFEFF${text}`])))

  it('is white space at the end, except in a string that does not end', async () => {
    const isOpen = (name: string): boolean => name.includes('n15_unclosed')
    await expectFrozen(FILES.map(([name, text]) => [name, isOpen(name) ? text : `${text}\n \t\n`]))
  })

  it('is a comment before any word', async () => {
    const comments = ['/* x */', '/** "\'` ; */ ', ' /* -- */\t', ' ']
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.constantFrom('', '', ...comments)), async (stream) => {
        await expectFrozen(FILES.map(([name, text]) => [name, insertAt(gapsOf(name, text), text, stream)]))
      }),
      { numRuns: 2 },
    )
  })

  it('is a line of comments before any statement', async () => {
    const lines = ["// it's\n", '/* a\n * b\n */\n', '\n\n']
    const sqlLines = ["-- it's\n", '/* a;\n b */\n', '\n\n']
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(2)), async (stream) => {
        const files = FILES.map(([name, text]): [string, string] => {
          const own = name.endsWith('.sql') ? sqlLines : lines
          return [
            name,
            insertAt(
              statementStarts(name, text),
              text,
              stream.map((index) => own[index] ?? ''),
            ),
          ]
        })
        await expectFrozen(files)
      }),
      { numRuns: 1 },
    )
  })
})

function insertAt(places: readonly number[], text: string, stream: Iterator<string>): string {
  let [result, from] = ['', 0]
  for (const place of places) {
    result += text.slice(from, place) + String(stream.next().value)
    from = place
  }
  return result + text.slice(from)
}

/** Where a comment may stand. */
function gapsOf(name: string, text: string): readonly number[] {
  if (name.endsWith('.sql')) return sqlGaps(name, text)
  if (name.endsWith('.json')) return []
  const starts = new Set<number>()
  const add = ({ start }: { readonly start: number }): void => void starts.add(start)
  new Visitor({ Identifier: add, Literal: add }).visit(parsed(name, text))
  return [...starts].toSorted((a, b) => a - b)
}

function parsed(name: string, text: string): ReturnType<typeof parseSync>['program'] {
  return parseSync(name, text, name.endsWith('.js') ? { sourceType: 'unambiguous' } : {}).program
}

/** Texts that databases read in several ways: what is a gap to one of them is within a string of another. */
const SEVERAL_READINGS = /\/n(?:03|04|05|06|08|15)_/

function sqlGaps(name: string, text: string): readonly number[] {
  if (SEVERAL_READINGS.test(name)) return []
  const dialect = /\.(postgres|sqlite|mysql)\./.exec(name)?.[1] as Dialect | undefined
  const { tokens } = tokenize(text, dialect)
  return tokens.flatMap(({ start, kind }, index) => {
    const before = tokens[index - 1]
    // A string with escapes goes on after white space and line comments only.
    const continues = kind === 'quoted' && before !== undefined && /^e'/i.test(text.slice(before.start, before.end))
    return before && before.end < start && kind !== 'comment' && !continues ? [start] : []
  })
}

function statementStarts(name: string, text: string): readonly number[] {
  if (name.endsWith('.json') || SEVERAL_READINGS.test(name)) return []
  if (!name.endsWith('.sql'))
    return parsed(name, text)
      .body.map(({ start }) => start)
      .filter((start) => start > 0)
  return [...text.matchAll(/^(?:CREATE|ALTER|SELECT|UPDATE|INSERT|DROP|create|select)\b/gm)].map(({ index }) => index)
}
