import { readFileSync } from 'node:fs'
import type { Program } from 'oxc-parser'
import type { SourceText } from '../report/position.ts'
import { withoutQuery } from './import-target.ts'
import { isTooDeep } from './nesting.ts'

/** A file that vanished, that nobody may read, or that is not text. */
export class UnreadableFile extends Error {
  readonly file: string

  constructor(file: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.file = file
  }
}

/** A module as it is parsed. */
export interface ParsedModule {
  readonly source: SourceText
  readonly program: Program
  readonly hasModuleSyntax: boolean
  readonly errors: readonly { readonly message: string; readonly start: number }[]
}

/** The files of a package, each of which is read once. */
export class Modules {
  readonly #texts = new Map<string, Promise<SourceText>>()

  /** @throws UnreadableFile */
  text(file: string): Promise<SourceText> {
    const known = this.#texts.get(file)
    if (known) return known
    const text = readSource(file)
    this.#texts.set(file, text)
    return text
  }

  /** Anew each time: a tree is many times as large as its text. @throws UnreadableFile */
  async parse(file: string): Promise<ParsedModule> {
    const source = await this.text(file)
    return parseModule(source, await (parser ??= import('oxc-parser')))
  }

  get files(): readonly string[] {
    return [...this.#texts.keys()]
  }
}

/** Loaded when the first file is parsed: where nothing has changed since the last scan, none is. */
let parser: Promise<Parser> | undefined
type Parser = Pick<typeof import('oxc-parser'), 'parseSync'>

const UTF8 = new TextDecoder('utf-8', { fatal: true })

async function readSource(file: string): Promise<SourceText> {
  try {
    return { file, text: readText(file) }
  } catch (error) {
    throw new UnreadableFile(file, error)
  }
}

/** Bytes that are not text would all be read as the same replacement character, and hashed as equal. */
function readText(file: string): string {
  const text = readFileSync(file, 'utf8')
  if (text.includes('\uFFFD')) return UTF8.decode(readFileSync(file))
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function parseModule(source: SourceText, { parseSync }: Parser): ParsedModule {
  if (isTooDeep(source.text)) return tooDeep(source, parseSync)
  try {
    const parsed = parseSync(withoutQuery(source.file), source.text, {
      // TypeScript's form of the tree for JavaScript too, so that both give one hash.
      astType: 'ts',
      preserveParens: false,
      // CommonJS is not strict.
      ...(source.file.endsWith('.js') ? { sourceType: 'unambiguous' } : {}),
    })
    const fatal = parsed.errors.filter(({ severity }) => severity === 'Error')
    return {
      source,
      program: parsed.program,
      // Copying all that it knows of imports and exports takes a fifth of the time of parsing.
      get hasModuleSyntax() {
        return parsed.module.hasModuleSyntax
      },
      // Some end with a full stop, some do not.
      errors: fatal.map(({ message, labels }) => ({
        message: message.replace(/\.$/, ''),
        start: labels[0]?.start ?? 0,
      })),
    }
  } catch (error) {
    // The parser hands its tree over in a way that ends the stack on absurdly deep code.
    if (!(error instanceof RangeError)) throw error
    return tooDeep(source, parseSync)
  }
}

function tooDeep(source: SourceText, parseSync: Parser['parseSync']): ParsedModule {
  const { program } = parseSync('empty.ts', '')
  return { source, program, hasModuleSyntax: true, errors: [{ message: 'The code is nested too deeply', start: 0 }] }
}
