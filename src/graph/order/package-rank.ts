import { adjacency, at } from './adjacency.ts'
import { compareCodeUnits } from '../code-units.ts'
import { components } from './components.ts'
import type { GraphPackage } from '../node.ts'
import { linearExtension } from './linear-extension.ts'

/**
 * Ranks packages: what a package depends on by npm ranks before it. Packages that depend on each other share their
 * place and follow in the order of their names, and so does everything that npm leaves open. A name that is listed
 * twice counts once, with the dependencies of both.
 *
 * @param names Packages that `packages` does not list; they depend on nothing.
 */
export function rankPackages(packages: readonly GraphPackage[], names: Iterable<string>): ReadonlyMap<string, number> {
  const sorted = [...new Set([...packages.map(({ name }) => name), ...names])].toSorted(compareCodeUnits)
  const indexOf = new Map(sorted.map((name, index) => [name, index]))
  const from: number[] = []
  const to: number[] = []
  for (const { name, dependencies } of packages) {
    const owner = indexOf.get(name)
    for (const dependency of dependencies) {
      const target = indexOf.get(dependency)
      if (owner === undefined || target === undefined) continue
      from.push(owner)
      to.push(target)
    }
  }
  const component = components(adjacency(sorted.length, from, to))

  // Components are numbered anew by the smallest name in each, so that the order among equals is the order of names.
  const members = new Map<number, number[]>()
  for (let index = 0; index < sorted.length; index++) {
    const group = members.get(at(component.of, index))
    if (group) group.push(index)
    else members.set(at(component.of, index), [index])
  }
  const groups = [...members.values()]
  const groupOf = new Int32Array(sorted.length)
  for (const [group, indexes] of groups.entries()) for (const index of indexes) groupOf[index] = group
  const before: number[] = []
  const after: number[] = []
  for (const [edge, owner] of from.entries()) {
    const dependency = at(groupOf, to[edge] ?? 0)
    if (dependency === at(groupOf, owner)) continue
    before.push(dependency)
    after.push(at(groupOf, owner))
  }
  const order = linearExtension(adjacency(groups.length, before, after))
  const ranked = [...order].flatMap((group) => groups[group] ?? [])
  return new Map(ranked.map((index, rank) => [sorted[index] ?? '', rank]))
}
