import type { Id } from '../manifest.ts'
import type { GraphPackage } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { type SquashTable, standsForMissing } from '../squash.ts'
import type { GraphProblem, ReferenceField } from './problem.ts'
import { parseReference } from './reference.ts'
import type { Sequence } from './sequence.ts'

/** A reference to an absent package that its owner lists as optional: it counts when the package comes. */
export interface WaitingReference {
  readonly node: number
  readonly field: ReferenceField
  readonly reference: string
}

/** Looks closely at references that are not simply the id of a migration that is here. */
export class References {
  readonly waiting: WaitingReference[] = []
  readonly problems: GraphProblem[] = []
  readonly #sequence: Sequence
  readonly #numbers: ReadonlyMap<Id, number>
  readonly #squashes: SquashTable
  readonly #installed: ReadonlySet<string>
  readonly #packages: readonly GraphPackage[]
  #owners: ReadonlySet<string> | undefined
  #lists: ReadonlyMap<string, ReadonlySet<string>> | undefined

  constructor(
    packages: readonly GraphPackage[],
    sequence: Sequence,
    numbers: ReadonlyMap<Id, number>,
    squashes: SquashTable,
  ) {
    this.#sequence = sequence
    this.#numbers = numbers
    this.#squashes = squashes
    this.#installed = new Set(packages.map(({ name }) => name))
    this.#packages = packages
  }

  /** The place of what `text` names; `nobody` where it waits or is wrong, which is noted, or needs no edge. */
  resolve(number: number, field: ReferenceField, text: string): number | 'base' | 'nobody' {
    const { nodes, given } = this.#sequence
    const written = { node: at(given, number), field, reference: text }
    const owner = nodes[number]?.package ?? ''
    const isOptional = (name: string): boolean => this.#optional().get(owner)?.has(name) ?? false
    const reference = parseReference(text)
    if (reference.kind === 'malformed') this.problems.push({ kind: 'malformed-reference', ...written })
    if (reference.kind === 'malformed') return 'nobody'
    if (reference.kind === 'plain') {
      const proposal = `${owner}:${text}`
      const names = this.#hasNodes(text) || this.#installed.has(text) || isOptional(text) || text.startsWith('@')
      if (names && !this.#numbers.has(proposal)) this.problems.push({ kind: 'floating-reference', ...written })
      else this.problems.push({ kind: 'bare-reference', ...written, proposal })
      return 'nobody'
    }
    const found = this.#numbers.get(text) ?? standsForMissing(this.#squashes, text, number)
    if (found === number) this.problems.push({ kind: 'self-dependency', ...written })
    if (found !== undefined) return found === number ? 'nobody' : found
    const name = reference.package
    if (this.#hasNodes(name)) {
      if (reference.kind === 'base') return 'base'
      this.problems.push({ kind: 'missing-migration', ...written })
    } else if (isOptional(name)) this.waiting.push(written)
    else this.problems.push({ kind: 'absent-package', ...written, package: name, installed: this.#installed.has(name) })
    return 'nobody'
  }

  /** What each package lists as optional. Few references ask for it. */
  #optional(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#lists) return this.#lists
    const lists = new Map<string, Set<string>>()
    for (const owner of this.#packages) {
      const names = lists.get(owner.name) ?? new Set()
      for (const name of owner.optional) names.add(name)
      lists.set(owner.name, names)
    }
    this.#lists = lists
    return lists
  }

  #hasNodes(name: string): boolean {
    this.#owners ??= new Set(this.#sequence.nodes.map((node) => node.package))
    return this.#owners.has(name)
  }
}
