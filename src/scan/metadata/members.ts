import type { Expression, Program } from 'oxc-parser'

/** One field as a module writes it. */
export interface Member {
  readonly name: string
  /** Offset of its name. */
  readonly start: number
  /** Absent: not an expression (a function declaration, a re-export). */
  readonly value?: Expression
  readonly kind: 'value' | 'function' | 're-export'
  /** Nodes that write this field and nothing else. */
  readonly nodes: readonly object[]
}

/** Where the fields of a migration stand in its module. */
export interface Members {
  readonly members: readonly Member[]
  /** Named exports beside a default export, which nothing reads. */
  readonly beside: readonly Member[]
  /** Exports that cannot be read without executing something. */
  readonly unreadable: readonly { readonly start: number; readonly what: string }[]
}

/** A name at the top level of a module, and what it stands for. */
export interface TopLevel {
  readonly value?: Expression
  readonly node: object
}

/** `const`, `var` and functions at the top level: bundlers write `const up = …; export { up }`. */
export function topLevelNames(program: Program): ReadonlyMap<string, TopLevel> {
  const names = new Map<string, TopLevel>()
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' && statement.id) names.set(statement.id.name, { node: statement })
    if (statement.type !== 'VariableDeclaration' || statement.kind === 'let') continue
    for (const declarator of statement.declarations)
      if (declarator.id.type === 'Identifier' && declarator.init)
        names.set(declarator.id.name, { value: declarator.init, node: declarator })
  }
  return names
}
