import { constructName, isNode, type Node } from './estree.ts'
import { type Counted, countedOf } from './counted.ts'
import { below, isErased, nodesIn } from './erasure.ts'
import { hasBraces } from './import-braces.ts'
import { isLeaf, leafText } from './leaf-text.ts'
import { placeOf } from './place.ts'
import { sequenceOf } from './flat-chains.ts'
import { RULES, type Writer } from './rules.ts'

/** What a module says, in a form that only changes when the module does. */
export interface Canonical {
  readonly text: string
  /** Constructs that have no such form. */
  readonly refused: readonly { readonly start: number; readonly what: string }[]
}

export interface CanonicalOptions {
  /** Nodes that do not count. */
  readonly skip: ReadonlySet<object>
  /** The text that stands for a module in the canonical form, from how it is written. Called once for each import. */
  readonly request: (specifier: string, start: number) => string
  /** Called where code asks where it lies, or imports what only a run can tell. */
  readonly place: (what: string, start: number) => void
}

/** Stand on the stack for what closes a list and a node. */
const LIST_END: unique symbol = Symbol(']')
const NODE_END: unique symbol = Symbol(')')

/**
 * Writes a program without positions, comments, types, quotes and parentheses. Goes without recursion: a deep program
 * must not end the build.
 */
export function canonicalModule(program: Node, source: string, options: CanonicalOptions): Canonical {
  return new Serializer(source, options, countedOf(program, options.skip)).run(program)
}

class Serializer implements Writer {
  readonly source: string
  readonly #options: CanonicalOptions
  readonly #counted: Counted
  readonly #refused: { start: number; what: string }[] = []

  constructor(source: string, options: CanonicalOptions, counted: Counted) {
    this.source = source
    this.#options = options
    this.#counted = counted
  }

  run(program: Node): Canonical {
    const body = nodesIn(program['body']).filter((statement) => this.counts(statement))
    const written = body.filter((statement) => statement.type !== 'ImportDeclaration' || !this.#isTypeOnly(statement))
    return { text: written.map((statement) => this.#write(statement)).join(''), refused: this.#refused }
  }

  #write(root: unknown): string {
    let out = ''
    const stack: unknown[] = [root]
    while (stack.length > 0) {
      const value = below(stack.pop())
      if (value === LIST_END) out += ']'
      else if (value === NODE_END) out += ')'
      else if (Array.isArray(value)) {
        out += '['
        stack.push(LIST_END)
        for (let index = value.length - 1; index >= 0; index--) {
          const item = below(value[index])
          if (!isNode(item) || this.counts(item)) stack.push(item)
        }
      } else if (isNode(value)) {
        const node = this.#alone(value)
        const parts = this.#parts(node)
        if (!parts) continue
        out += `(${node.type} `
        let leaves = 0
        while (leaves < parts.length && isLeaf(parts[leaves])) out += leafText(parts[leaves++])
        stack.push(NODE_END)
        for (let index = parts.length - 1; index >= leaves; index--) stack.push(parts[index])
      } else out += leafText(value)
    }
    return out
  }

  /** A sequence of which one expression counts is that expression. */
  #alone(node: Node): Node {
    if (node.type !== 'SequenceExpression') return node
    const [first, ...others] = nodesIn(sequenceOf(node)).filter((each) => this.counts(each))
    return first && others.length === 0 ? first : node
  }

  /** What counts of a node, or `undefined` where it is refused. */
  #parts(node: Node): readonly unknown[] | undefined {
    const { decorators } = node
    if (Array.isArray(decorators) && decorators.length > 0)
      return this.#refuse(nodesIn(decorators)[0] ?? node, 'Decorator')
    const rule = RULES.get(node.type)
    return rule ? rule(node, this) : this.#refuse(node, node.type)
  }

  placed(node: Node): void {
    const place = placeOf(node)
    if (place) this.#options.place(place.what, place.start)
  }

  requested(source: unknown, start: number): unknown {
    if (isNode(source) && source.type === 'Literal' && typeof source['value'] === 'string')
      return this.#options.request(source['value'], source.start)
    this.#options.place('an import whose path is computed', start)
    return below(source)
  }

  /** `import { T } from '…'` where `T` is a type, and the `import {} from '…'` that some compilers leave of it. */
  #isTypeOnly(statement: Node): boolean {
    if (nodesIn(statement['specifiers']).some((each) => this.isUsed(each))) return false
    return nodesIn(statement['specifiers']).length > 0 || hasBraces(statement, this.source)
  }

  /** An import of which no name is used is a type's, and compilers drop it. */
  isUsed(specifier: Node): boolean {
    return (
      this.counts(specifier) && isNode(specifier['local']) && this.#counted.used.has(String(specifier['local']['name']))
    )
  }

  /** Whether anything of a node in a list counts. */
  counts(node: Node): boolean {
    if (this.#counted.skip.has(node) || isErased(node) || node.type === 'EmptyStatement') return false
    if (
      node.type === 'ExpressionStatement' &&
      isNode(node['expression']) &&
      node['expression'].type === 'SequenceExpression'
    )
      return nodesIn(sequenceOf(node['expression'])).some((each) => this.counts(each))
    if (node.type === 'VariableDeclaration') return nodesIn(node['declarations']).some((each) => this.counts(each))
    if (node.type === 'ExportNamedDeclaration' && !isNode(node['declaration']))
      return nodesIn(node['specifiers']).some((each) => this.counts(each))
    if (node.type === 'ExportNamedDeclaration' && isNode(node['declaration'])) return this.counts(node['declaration'])
    return true
  }

  #refuse(node: Node, type: string): undefined {
    this.#refused.push({ start: node.start, what: constructName(type) })
    return undefined
  }
}
