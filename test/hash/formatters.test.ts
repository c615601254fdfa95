import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { app, write } from '../scan/tree.ts'
import { goldenFiles } from './golden.ts'
import { hashesIn } from './golden-hashes.ts'

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

interface Formatter {
  readonly name: string
  readonly config: string
  readonly styles: readonly object[]
  readonly command: readonly [string, ...string[]]
  /** Files that it does not parse, or parses wrong. */
  readonly except: readonly string[]
}

const NARROW = { printWidth: 40, semi: false, singleQuote: true, tabWidth: 8 }
const WIDE = {
  printWidth: 200,
  quoteProps: 'consistent',
  arrowParens: 'avoid',
  trailingComma: 'none',
  endOfLine: 'crlf',
}

const FORMATTERS: readonly Formatter[] = [
  {
    name: 'Prettier',
    config: '.prettierrc.json',
    styles: [NARROW, WIDE].map((style) => ({ ...style, embeddedLanguageFormatting: 'off' })),
    command: ['prettier', '--write', '--log-level', 'warn', '--ignore-unknown'],
    except: [],
  },
  {
    name: 'Biome',
    config: 'biome.json',
    styles: [
      { lineWidth: 40, semicolons: 'asNeeded', quoteStyle: 'single', quoteProperties: 'preserve' },
      {
        lineWidth: 200,
        arrowParentheses: 'asNeeded',
        quoteProperties: 'asNeeded',
        lineEnding: 'crlf',
        trailingCommas: 'none',
      },
    ].map((formatter) => ({ javascript: { formatter } })),
    command: ['biome', 'format', '--write'],
    // It does not know octal numbers and the comments of HTML, which it takes for operators.
    except: ['syntax/sloppy.cjs', 'syntax/html_close.cjs'],
  },
  {
    name: 'oxfmt',
    config: '.oxfmtrc.json',
    styles: [NARROW, WIDE],
    command: ['oxfmt'],
    except: [],
  },
]

describe.each(FORMATTERS)('$name', ({ config, styles, command: [binary, ...args], except }) => {
  it('leaves every hash alone, whatever its style', async () => {
    const files = Object.fromEntries(Object.entries(goldenFiles()).filter(([name]) => !except.includes(name)))
    const root = app(files)
    const before = Object.fromEntries(await hashesIn(root))
    for (const [index, style] of styles.entries()) {
      // All of them in one style; in the other those that have all syntax, since formatters take their time.
      const folder = index === 0 ? 'migrations' : 'migrations/syntax'
      const earlier = textsIn(root, Object.keys(files))
      write(root, { [config]: { json: style } })
      execFileSync(join(BIN, binary), [...args, folder], { cwd: root, stdio: 'pipe' })
      const later = textsIn(root, Object.keys(files))
      expect(later.filter((text, at) => text !== earlier[at]).length).toBeGreaterThan(index === 0 ? 100 : 30)
      expect(Object.fromEntries(await hashesIn(root))).toEqual(before)
    }
  })
})

function textsIn(root: string, names: readonly string[]): readonly string[] {
  return names.map((name) => readFileSync(join(root, 'migrations', name), 'utf8'))
}
