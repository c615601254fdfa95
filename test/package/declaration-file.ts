import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Node, parseSync } from 'oxc-parser'
import { keysIn, mentionsIn, nameOf, namesOf } from './declaration-names.ts'

/** What one name of a `.d.ts` file stands for: something of this package, or of another. */
export type Declared = Declaration | { readonly kind: 'foreign'; readonly module: string; readonly name: string }

export interface Declaration {
  readonly kind: 'declaration'
  readonly file: string
  readonly name: string
  readonly text: string
  /** The keys of a constant object, which types ask for by `keyof typeof`. Its values are no API. */
  readonly keys: readonly string[]
  /** Names that stand where a type, or the type of a value, is meant. */
  readonly mentions: readonly string[]
}

interface Link {
  readonly module: string
  readonly name: string
}

/** A `.d.ts` file as `tsc` writes it: declarations, imports and exports, each by name. */
export class DeclarationFile {
  readonly #file: string
  readonly #text: string
  readonly #declarations = new Map<string, Node[]>()
  readonly #mentions: ReturnType<typeof mentionsIn>
  readonly #imports = new Map<string, Link>()
  /** Exported name → name in this file, or in another. */
  readonly #exports = new Map<string, string | Link>()
  readonly isModule: boolean

  static readonly #read = new Map<string, DeclarationFile>()
  static at(file: string): DeclarationFile {
    const known = this.#read.get(file) ?? new DeclarationFile(file)
    this.#read.set(file, known)
    return known
  }

  private constructor(file: string) {
    this.#file = file
    const source = readFileSync(file, 'utf8')
    const { program, module, comments, errors } = parseSync(file, source)
    if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
    this.isModule = module.hasModuleSyntax
    // Blanks in place of comments: every position stays.
    this.#text = comments.reduce(
      (text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end),
      source,
    )
    for (const statement of program.body) this.#add(statement)
    this.#mentions = mentionsIn(program)
  }

  get exportedNames(): readonly string[] {
    return [...this.#exports.keys()].toSorted()
  }

  /** Without comments and empty lines. */
  get text(): string {
    return tidy(this.#text)
  }

  exported(name: string): Declared {
    const link = this.#exports.get(name)
    if (link === undefined) throw new Error(`${this.#file} does not export ${name}`)
    return typeof link === 'string' ? this.declared(link) : this.#follow(link)
  }

  /** @throws for a name that is declared nowhere in the file */
  declared(name: string): Declared {
    const link = this.#imports.get(name)
    if (link) return this.#follow(link)
    const nodes = this.#declarations.get(name)
    if (!nodes) throw new Error(`${this.#file} has no ${name}`)
    const text = nodes.map(({ start, end }) => tidy(this.#text.slice(start, end))).join('\n')
    const keys = nodes.flatMap(keysIn)
    const inside = this.#mentions.filter(({ at }) => nodes.some(({ start, end }) => start <= at && at < end))
    const mentions = [...new Set(inside.map((mention) => mention.name))]
    return { kind: 'declaration', file: this.#file, name, text, keys, mentions }
  }

  /** Whether a name that is mentioned is one of the file, and not of the language. */
  knows(name: string): boolean {
    return this.#imports.has(name) || this.#declarations.has(name)
  }

  #follow({ module, name }: Link): Declared {
    if (!module.startsWith('.')) return { kind: 'foreign', module, name }
    const file = join(dirname(this.#file), module.replace(/\.ts$/, '.d.ts'))
    return DeclarationFile.at(file).exported(name)
  }

  #add(statement: Node): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers) {
          const name =
            specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier'
              ? specifier.imported.name
              : 'default'
          this.#imports.set(specifier.local.name, { module: statement.source.value, name })
        }
        return
      case 'ExportNamedDeclaration': {
        const { declaration, source, specifiers } = statement
        if (declaration) for (const name of this.#declare(declaration)) this.#exports.set(name, name)
        for (const { local, exported } of specifiers) {
          const [from, to] = [nameOf(local), nameOf(exported)]
          this.#exports.set(to, source ? { module: source.value, name: from } : from)
        }
        return
      }
      case 'ExportDefaultDeclaration':
        if (statement.declaration.type !== 'Identifier') throw new Error(`${this.#file}: name the default export`)
        this.#exports.set('default', statement.declaration.name)
        return
      case 'ExportAllDeclaration':
        throw new Error(`${this.#file}: export by name`)
      default:
        this.#declare(statement)
    }
  }

  /** @returns the names */
  #declare(node: Node): readonly string[] {
    const names = namesOf(node)
    for (const name of names) this.#declarations.set(name, [...(this.#declarations.get(name) ?? []), node])
    return names
  }
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}
