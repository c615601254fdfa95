import { existsSync } from 'node:fs'
import { compareCodeUnits } from '../../graph/code-units.ts'
import type { Application } from './application.ts'
import { entriesOf, namesIn, type PackageJson, readPackageJson, textOf } from './package-json.ts'
import { realPath } from '../paths.ts'
import { jsonProblem } from './json-problem.ts'
import type { Report } from '../report/report.ts'

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

/**
 * Walks the resolved dependency tree of an application, in breadth and by name, so that each chain is a shortest one.
 * Every instance is visited once, whatever the number of ways to it. Resolves like Node: from the real path of the
 * package upwards, which finds hoisted, nested and isolated installs, workspaces and links alike.
 */
export function walkPackages({ root, json }: Application, report: Report): readonly PackageInstance[] {
  const resolver = new Resolver()
  const found: PackageInstance[] = []
  const queue: { root: string; json: PackageJson; chain: readonly string[] }[] = [{ root, json, chain: [] }]
  const seen = new Set([root])
  // The queue grows while it is walked.
  for (const { root: at, json: manifest, chain } of queue) {
    const name = textOf(manifest, 'name') ?? at.slice(at.lastIndexOf('/') + 1)
    const linked = !at.includes('/node_modules/')
    const developed = at === root || (linked && manifest.fields.get('private') === true)
    const dependencies = new Set<string>()
    for (const dependency of dependencyNames(manifest, developed)) {
      const target = resolver.resolve(dependency, at)
      if (target === undefined) continue
      dependencies.add(target)
      if (seen.has(target)) continue
      seen.add(target)
      const next = read(target, [...chain, name], report)
      if (next) queue.push({ root: target, json: next, chain: [...chain, name] })
    }
    found.push({
      name,
      version: textOf(manifest, 'version') ?? '0.0.0',
      root: at,
      json: manifest,
      linked,
      chain,
      dependencies: [...dependencies],
      optional: optionalNames(manifest),
    })
  }
  return found
}

function read(root: string, chain: readonly string[], report: Report): PackageJson | undefined {
  try {
    return readPackageJson(root)
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
  const fields = ['dependencies', 'optionalDependencies', 'peerDependencies']
  if (developed) fields.push('devDependencies')
  return [...new Set(fields.flatMap((field) => namesIn(json, field)))].toSorted(compareCodeUnits)
}

function optionalNames(json: PackageJson): readonly string[] {
  const peers = (entriesOf(json.fields.get('peerDependenciesMeta')) ?? [])
    .filter(([, meta]) => entriesOf(meta)?.some(([key, value]) => key === 'optional' && value === true))
    .map(([name]) => name)
  return [...namesIn(json, 'optionalDependencies'), ...peers]
}

/** A name that leads nowhere but into a `node_modules`. */
const PACKAGE_NAME = /^(?:@[^/\\@]+\/)?(?!\.{1,2}$)[^/\\@]+$/

/** Node's walk upwards, with a memory: a tree asks for the same folders again and again. */
class Resolver {
  readonly #roots = new Map<string, string | undefined>()

  resolve(name: string, from: string): string | undefined {
    if (!PACKAGE_NAME.test(name)) return undefined
    const passed: string[] = []
    let found: string | undefined
    for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
      const candidate = `${folder}/node_modules/${name}`
      if (this.#roots.has(candidate)) {
        found = this.#roots.get(candidate)
        break
      }
      passed.push(candidate)
      if (!folder.endsWith('/node_modules') && existsSync(`${candidate}/package.json`)) {
        found = realPath(candidate)
        break
      }
      if (!folder.includes('/')) break
    }
    // What a folder answers holds for all folders below it that have nothing of their own.
    for (const candidate of passed) this.#roots.set(candidate, found)
    return found
  }
}
