import type { Application } from './application.ts'
import { entriesOf, namesIn, type PackageJson, type PackageJsons, textOf } from './package-json.ts'
import { withFieldsOnly } from './field.ts'
import { jsonProblem } from './json-problem.ts'
import type { Report } from '../report/report.ts'
import type { Resolver } from './resolver.ts'

/** One installed package. The same name may be installed several times. */
export interface PackageInstance {
  readonly name: string
  readonly version: string
  /** Absolute real path, with `/`: what tells instances apart. */
  readonly root: string
  readonly json: PackageJson
  /** Outside every `node_modules`. */
  readonly linked: boolean
  /** Names of the packages that led to it, from the application down, without itself. */
  readonly chain: readonly string[]
  /** Roots of the packages that it depends on, those that are installed. */
  readonly dependencies: readonly string[]
  /** Names that it lists as optional, installed or not. */
  readonly optional: readonly string[]
}

/** What the walk needs of a package.json: to hold on to all of thousands takes longer than to read them. */
interface Visit {
  readonly instance: Omit<PackageInstance, 'dependencies'>
  readonly names: readonly string[]
}

/**
 * Walks the resolved dependency tree of an application, in breadth and by name, so that each chain is a shortest one.
 * Every instance is visited once, whatever the number of ways to it.
 */
export function walkPackages(
  { root, json }: Application,
  resolver: Resolver,
  packages: PackageJsons,
  report: Report,
): readonly PackageInstance[] {
  const found: PackageInstance[] = []
  const queue = [visit(root, json, [], true)]
  const seen = new Set([root])
  // The queue grows while it is walked.
  for (const { instance, names } of queue) {
    const dependencies = new Set<string>()
    let chain: readonly string[] | undefined
    for (const name of names) {
      const target = resolver.resolve(name, instance.root)
      if (target === undefined) continue
      dependencies.add(target)
      if (seen.has(target)) continue
      seen.add(target)
      chain ??= [...instance.chain, instance.name]
      const next = read(target, chain, packages, report)
      if (next) queue.push(visit(target, next, chain, false))
    }
    found.push({ ...instance, dependencies: [...dependencies] })
  }
  return found
}

function visit(root: string, json: PackageJson, chain: readonly string[], isApplication: boolean): Visit {
  const linked = isLinked(root)
  const developed = isApplication || (linked && json.fields.get('private') === true)
  return {
    instance: {
      name: textOf(json, 'name') ?? root.slice(root.lastIndexOf('/') + 1),
      version: textOf(json, 'version') ?? '0.0.0',
      root,
      json: withFieldsOnly(json),
      linked,
      chain,
      optional: optionalNames(json),
    },
    names: dependencyNames(json, developed),
  }
}

/** Whether a package lies outside of every `node_modules`. @param root Real path. */
export function isLinked(root: string): boolean {
  return !root.includes('/node_modules/')
}

function read(root: string, chain: readonly string[], packages: PackageJsons, report: Report): PackageJson | undefined {
  try {
    return packages.take(root)
  } catch (error) {
    const { reason, source } = jsonProblem(`${root}/package.json`, error)
    report.error('MIG_B0202', {
      message: `${root}/package.json cannot be read: ${reason}. (brought in by ${chain.join(' → ')})`,
      fix: 'Install the package again.',
      sources: [source],
    })
    return undefined
  }
}

/** Sorted, so that the walk does not depend on how a file is written. */
function dependencyNames(json: PackageJson, developed: boolean): readonly string[] {
  const names = new Set(namesIn(json, 'dependencies'))
  for (const name of namesIn(json, 'optionalDependencies')) names.add(name)
  for (const name of namesIn(json, 'peerDependencies')) names.add(name)
  if (developed) for (const name of namesIn(json, 'devDependencies')) names.add(name)
  // By code units.
  return [...names].toSorted()
}

function optionalNames(json: PackageJson): readonly string[] {
  const optional = namesIn(json, 'optionalDependencies')
  const peers = entriesOf(json.fields.get('peerDependenciesMeta'))
  if (!peers) return optional
  const optionalPeers = peers.filter(([, meta]) =>
    entriesOf(meta)?.some(([key, value]) => key === 'optional' && value === true),
  )
  return [...optional, ...optionalPeers.map(([name]) => name)]
}
