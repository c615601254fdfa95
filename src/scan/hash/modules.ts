import { readFileSync } from 'node:fs'
import { parseSync, type Program } from 'oxc-parser'
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

/** Reads and parses every file at most once. One for each package: what is parsed is many times as large as its text. */
export class Modules {
  readonly #texts = new Map<string, Promise<SourceText>>()
  readonly #parsed = new Map<string, Promise<ParsedModule>>()

  /** @throws UnreadableFile */
  text(file: string): Promise<SourceText> {
    return remember(this.#texts, file, async () => {
      try {
        // Bytes that are not text would all be read as the same replacement character, and hashed as equal.
        return { file, text: UTF8.decode(readFileSync(file)) }
      } catch (error) {
        throw new UnreadableFile(file, error)
      }
    })
  }

  /** @throws UnreadableFile */
  parse(file: string): Promise<ParsedModule> {
    return remember(this.#parsed, file, async () => parseModule(await this.text(file)))
  }

  get files(): readonly string[] {
    return [...this.#texts.keys()]
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function parseModule(source: SourceText): ParsedModule {
  if (isTooDeep(source.text)) return tooDeep(source)
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
      errors: fatal.map(({ message, labels }) => ({ message, start: labels[0]?.start ?? 0 })),
    }
  } catch (error) {
    // The parser hands its tree over in a way that ends the stack on absurdly deep code.
    if (!(error instanceof RangeError)) throw error
    return tooDeep(source)
  }
}

function tooDeep(source: SourceText): ParsedModule {
  const { program } = parseSync('empty.ts', '')
  return { source, program, hasModuleSyntax: true, errors: [{ message: 'The code is nested too deeply', start: 0 }] }
}

function remember<T>(known: Map<string, Promise<T>>, file: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(file)
  if (found) return found
  const made = make()
  known.set(file, made)
  return made
}
