import { constructName, isNode, type Node, NODE_FIELDS } from './estree.ts'
import { type Counted, countedOf } from './counted.ts'
import { below, isErased, isThisParameter, nodesIn } from './erasure.ts'
import { hasBraces } from './import-braces.ts'
import { keyText } from './key-text.ts'
import { isLeaf, leafText } from './leaf-text.ts'
import { placeOf } from './place.ts'
import { literalParts, templateTexts } from './literal-parts.ts'
import { operandsOf, sequenceOf } from './flat-chains.ts'

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

class Serializer {
  readonly #source: string
  readonly #options: CanonicalOptions
  readonly #counted: Counted
  readonly #refused: { start: number; what: string }[] = []

  constructor(source: string, options: CanonicalOptions, counted: Counted) {
    this.#source = source
    this.#options = options
    this.#counted = counted
  }

  run(program: Node): Canonical {
    const body = nodesIn(program['body']).filter((statement) => this.#counts(statement))
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
          if (!isNode(item) || this.#counts(item)) stack.push(item)
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
    const [first, ...others] = nodesIn(sequenceOf(node)).filter((each) => this.#counts(each))
    return first && others.length === 0 ? first : node
  }

  /** What counts of a node, or `undefined` where it is refused. */
  #parts(node: Node): readonly unknown[] | undefined {
    const { type } = node
    if (hasItems(node['decorators'])) return this.#refuse(nodesIn(node['decorators'])[0] ?? node, 'Decorator')
    const place = placeOf(node)
    if (place) this.#options.place(place.what, place.start)
    const special = this.#special(node)
    if (special) return special
    const fields = NODE_FIELDS.get(type)
    if (!fields) return this.#refuse(node, type)
    return fields.map((field) => {
      const value = node[field]
      if (field === 'key' && node['computed'] !== true) return keyText(value)
      if (field === 'params') return nodesIn(value).filter((each) => !isThisParameter(each))
      return value
    })
  }

  #special(node: Node): readonly unknown[] | undefined {
    switch (node.type) {
      case 'Identifier':
        return [node['name']]
      case 'Literal':
        return literalParts(node, this.#source)
      case 'ExpressionStatement':
        // As written: a directive with an escape is none.
        return typeof node['directive'] === 'string'
          ? ['directive', node['directive'].replaceAll(/\r\n?/g, '\n')]
          : [below(node['expression'])]
      case 'LogicalExpression':
        return [node['operator'], operandsOf(node)]
      case 'SequenceExpression':
        return [sequenceOf(node)]
      case 'TemplateLiteral':
        return [templateTexts(node, 'cooked'), expressionsOf(node)]
      case 'TaggedTemplateExpression':
        return isNode(node['quasi'])
          ? [below(node['tag']), templateTexts(node['quasi'], 'raw'), expressionsOf(node['quasi'])]
          : undefined
      case 'Property': {
        // `{ __proto__ }` makes a property, `{ __proto__: __proto__ }` sets the prototype.
        const short = node['shorthand'] === true && keyText(node['key']) === '__proto__'
        const key = node['computed'] === true ? below(node['key']) : keyText(node['key'])
        return [node['kind'], node['computed'], node['method'], short, key, below(node['value'])]
      }
      case 'MemberExpression':
        return [node['optional'], below(node['object']), node['computed'], memberName(node)]
      case 'MetaProperty':
        return [keyText(node['meta']), keyText(node['property'])]
      case 'CallExpression':
        return this.#require(node)
      case 'ImportExpression':
        return [node['phase'], this.#requested(node['source'], node.start), below(node['options'])]
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        return this.#moduleParts(node)
      case 'ImportAttribute':
        return [keyText(node['key']), below(node['value'])]
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        return [keyText(node['local'])]
      case 'ImportSpecifier':
        return [keyText(node['imported']), keyText(node['local'])]
      default:
        return undefined
    }
  }

  #moduleParts(node: Node): readonly unknown[] {
    const source = isNode(node['source']) ? this.#requested(node['source'], node['source'].start) : null
    const attributes = nodesIn(node['attributes'])
    if (node.type === 'ExportAllDeclaration') return [keyText(node['exported']), source, attributes]
    if (node.type === 'ImportDeclaration')
      return [node['phase'], source, nodesIn(node['specifiers']).filter((each) => this.#isUsed(each)), attributes]
    const specifiers = nodesIn(node['specifiers']).filter((each) => this.#counts(each))
    const names = specifiers.map((each) => [keyText(each['local']), keyText(each['exported'])])
    return [below(node['declaration']), source, names, attributes]
  }

  /** `require('…')` of CommonJS is an import. */
  #require(node: Node): readonly unknown[] | undefined {
    const [argument, ...rest] = nodesIn(node['arguments'])
    const isRequire =
      isNode(node['callee']) && node['callee'].type === 'Identifier' && node['callee']['name'] === 'require'
    if (!isRequire || !argument || rest.length > 0) return undefined
    return [node['optional'], 'require', [this.#requested(argument, argument.start)]]
  }

  #requested(source: unknown, start: number): unknown {
    if (isNode(source) && source.type === 'Literal' && typeof source['value'] === 'string')
      return this.#options.request(source['value'], source.start)
    this.#options.place('an import whose path is computed', start)
    return below(source)
  }

  /** `import { T } from '…'` where `T` is a type, and the `import {} from '…'` that some compilers leave of it. */
  #isTypeOnly(statement: Node): boolean {
    if (nodesIn(statement['specifiers']).some((each) => this.#isUsed(each))) return false
    return nodesIn(statement['specifiers']).length > 0 || hasBraces(statement, this.#source)
  }

  /** An import of which no name is used is a type's, and compilers drop it. */
  #isUsed(specifier: Node): boolean {
    return (
      this.#counts(specifier) &&
      isNode(specifier['local']) &&
      this.#counted.used.has(String(specifier['local']['name']))
    )
  }

  /** Whether anything of a node in a list counts. */
  #counts(node: Node): boolean {
    if (this.#counted.skip.has(node) || isErased(node) || node.type === 'EmptyStatement') return false
    if (
      node.type === 'ExpressionStatement' &&
      isNode(node['expression']) &&
      node['expression'].type === 'SequenceExpression'
    )
      return nodesIn(sequenceOf(node['expression'])).some((each) => this.#counts(each))
    if (node.type === 'VariableDeclaration') return nodesIn(node['declarations']).some((each) => this.#counts(each))
    if (node.type === 'ExportNamedDeclaration' && !isNode(node['declaration']))
      return nodesIn(node['specifiers']).some((each) => this.#counts(each))
    if (node.type === 'ExportNamedDeclaration' && isNode(node['declaration'])) return this.#counts(node['declaration'])
    return true
  }

  #refuse(node: Node, type: string): undefined {
    this.#refused.push({ start: node.start, what: constructName(type) })
    return undefined
  }
}

function memberName(node: Node): unknown {
  return node['computed'] === true ? below(node['property']) : keyText(node['property'])
}

function expressionsOf(template: Node): readonly unknown[] {
  return nodesIn(template['expressions']).map(below)
}

function hasItems(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}
