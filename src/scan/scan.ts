import { buildGraph } from '../graph/build/build.ts'
import { compareCodeUnits } from '../graph/code-units.ts'
import type { GraphProblem } from '../graph/build/problem.ts'
import type { Id } from '../graph/manifest.ts'
import { manifestEdges } from '../graph/manifest-edges.ts'
import type { GraphPackage } from '../graph/node.ts'
import { Cache } from './cache/cache.ts'
import { cachedRead } from './cache/cached-read.ts'
import { cachedWalk } from './cache/cached-walk.ts'
import { type Application, findApplication } from './packages/application.ts'
import { type Carrier, findCarriers } from './packages/carriers.ts'
import type { Draft } from './draft.ts'
import { reportLeftOut } from './lock/left-out.ts'
import { type Locked, readLock } from './lock/lock.ts'
import { reportProblem } from './report/graph-problems.ts'
import { checkNames } from './metadata/names.ts'
import { checkReferences } from './metadata/references.ts'
import { compareNatural } from './natural-order.ts'
import type { ScanOptions } from './options.ts'
import type { PackageInstance } from './packages/packages.ts'
import { withSlashes } from './paths.ts'
import { Report, sourceOf } from './report/report.ts'
import type { ScannedMigration, ScannedNode, ScannedPackage, ScanResult } from './result.ts'
import { pickVersions } from './packages/versions.ts'

/**
 * Finds the migrations of an application and of every package in its dependency tree, reads, hashes and orders them.
 * Executes nothing of them. What is wrong comes as diagnostics, all at once; only a defect or a failing disk throws.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const report = new Report()
  const application = findApplication(options.root, report)
  if (!application) return nothing(options.root, report)
  const cache = new Cache(application.root, options)
  const instances = cachedWalk(application, cache, new Set(Object.keys(options.packages ?? {})), report)
  const { carriers, ignored, missing, unusable } = findCarriers(application, instances, options, report)
  const chosen = pickVersions(carriers, options, report)
  const { read, files } = await cachedRead(chosen, cache, report)
  const all = read.flatMap((each) => each.drafts)
  checkNames(all, report)
  const refused = checkReferences(all, report)
  const unread = new Set([...read.flatMap((each) => each.unread), ...refused])
  const isUnread = (owner: string, id: Id): boolean => unusable.has(owner) || unread.has(id)
  const locked =
    options.lock && readLock({ root: application.root, drafts: all, isUnread, options }, options.lock, report)
  const drafts = locked ? all.filter(({ id }) => !locked.leftOut.has(id)) : all
  const nodes = nodesOf(drafts, locked)
  const packages = graphPackages(instances, chosen)
  const { graph, given, problems } = buildGraph(packages, nodes)
  const own = problems.filter((problem) => !follows(problem, unread, unusable))
  for (const [index, problem] of own.entries()) {
    const isTold = locked && options.lock && reportLeftOut(problem, drafts, locked, options.lock, report)
    if (isTold !== true) reportProblem(problem, drafts, index < PROPOSALS, report)
  }
  const failed = report.diagnostics.some(({ severity }) => severity === 'error')
  if (drafts.length === 0 && !failed) reportNothing(application, options, report)
  return {
    app: { name: appName(application, carriers, instances), root: application.root },
    packages: chosen.map((carrier) => scannedPackage(carrier, packages)),
    installed: instances,
    migrations: failed ? [] : [...given].flatMap((index) => scannedMigration(drafts[index], nodes[index], locked)),
    edges: failed ? [] : manifestEdges(graph),
    retired: locked?.retired ?? [],
    ...(locked ? { lock: { file: locked.file, changes: locked.changes } } : {}),
    diagnostics: report.diagnostics,
    ignored,
    watch: {
      files: [
        ...(locked ? [locked.file.path] : []),
        ...instances.filter(({ linked }) => linked).map(({ json }) => json.source.file),
        ...files,
      ],
      folders: [...chosen.map(({ folder }) => folder), ...missing],
    },
  }
}

/** Looking for names that were meant takes time for each, and nobody reads that many. */
const PROPOSALS = 50

/** Whether a problem is only the consequence of one that is reported where it arose. */
function follows(problem: GraphProblem, unread: ReadonlySet<string>, unusable: ReadonlySet<string>): boolean {
  if (problem.kind === 'absent-package') return unusable.has(problem.package) || unread.has(problem.reference)
  return (problem.kind === 'missing-migration' || problem.kind === 'missing-parent') && unread.has(problem.reference)
}

function nothing(root: string, report: Report): ScanResult {
  return {
    app: { name: '', root: withSlashes(root) },
    packages: [],
    installed: [],
    migrations: [],
    edges: [],
    retired: [],
    diagnostics: report.diagnostics,
    ignored: [],
    // Whatever is wrong there, it is mended there.
    watch: { files: report.files, folders: [] },
  }
}

function reportNothing({ root, json }: Application, { path = 'migrations' }: ScanOptions, report: Report): void {
  report.warning('MIG_B0213', {
    message: 'No migrations were found, neither in the application nor in a package that it depends on.',
    fix: `Put the first one into the folder ${root}/${path}, or say where they are with the option \`path\`.`,
    sources: [sourceOf(json.source.file)],
  })
}

function appName({ root }: Application, carriers: readonly Carrier[], instances: readonly PackageInstance[]): string {
  const carrier = carriers.find(({ instance }) => instance.root === root)
  return carrier?.identity ?? instances.find((instance) => instance.root === root)?.name ?? ''
}

/** Nodes in the order of the drafts. Their index is their place in the lock file, or without one that of the name. */
function nodesOf(drafts: readonly Draft[], locked: Locked | undefined): readonly ScannedNode[] {
  const places = new Map<Draft, number>()
  const byCarrier = new Map<Carrier, Draft[]>()
  for (const draft of drafts) {
    const same = byCarrier.get(draft.carrier)
    if (same) same.push(draft)
    else byCarrier.set(draft.carrier, [draft])
  }
  for (const same of byCarrier.values())
    for (const [place, draft] of same.toSorted((a, b) => compareNatural(a.name, b.name)).entries())
      places.set(draft, locked?.places.get(draft.id) ?? place)
  return drafts.map((draft) => {
    const { names, traits } = draft.metadata
    const owner = draft.carrier.identity
    const parents = names.get('parents')?.map((name) => (name.includes(':') ? name : `${owner}:${name}`))
    const earlier = (draft.carrier.field.formerly ?? []).map((identity) => `${identity}:${draft.name}`)
    return {
      id: draft.id,
      package: owner,
      index: places.get(draft) ?? 0,
      dependsOn: names.get('dependsOn') ?? [],
      runBefore: names.get('runBefore') ?? [],
      conflictsWith: names.get('conflictsWith') ?? [],
      replaces: names.get('replaces') ?? [],
      labels: names.get('labels') ?? [],
      formerly: [...(names.get('formerly') ?? []), ...earlier],
      ...(parents ? { parents } : {}),
      ...(traits ? { traits } : {}),
    }
  })
}

/** All packages, also those that only lead to others: npm's direction goes through them. By identity. */
function graphPackages(instances: readonly PackageInstance[], carriers: readonly Carrier[]): readonly GraphPackage[] {
  const identities = new Map(instances.map(({ root, name }) => [root, name]))
  for (const { instance, identity } of carriers) identities.set(instance.root, identity)
  return instances.map(({ root, name, dependencies, optional }) => ({
    name: identities.get(root) ?? name,
    dependencies: dependencies.flatMap((dependency) => identities.get(dependency) ?? []),
    optional,
  }))
}

function scannedPackage({ instance, identity, folder }: Carrier, packages: readonly GraphPackage[]): ScannedPackage {
  const same = packages.filter(({ name }) => name === identity)
  const { version, root, chain, linked } = instance
  return {
    name: identity,
    installedAs: instance.name,
    dependencies: [...new Set(same.flatMap(({ dependencies }) => dependencies))].toSorted(compareCodeUnits),
    optional: [...new Set(same.flatMap(({ optional }) => optional))].toSorted(compareCodeUnits),
    version,
    root,
    chain,
    folder,
    linked,
  }
}

function scannedMigration(
  draft: Draft | undefined,
  node: ScannedNode | undefined,
  locked: Locked | undefined,
): readonly ScannedMigration[] {
  if (!draft || !node) return []
  const { carrier, files, uses, has, moduleFormat, hash } = draft
  const line = locked?.lines.get(draft.id)
  // Nothing asks for the number of what runs in any case.
  const revision = node.traits?.repeatable === 'onChange' ? line?.revision : undefined
  return [
    {
      ...node,
      version: line?.version ?? carrier.instance.version,
      hash,
      accepted: line?.accepted ?? [],
      ...(node.traits && revision !== undefined ? { traits: { ...node.traits, revision } } : {}),
      format: files.format,
      moduleFormat,
      files: files.files,
      uses: Object.fromEntries(uses),
      has,
    },
  ]
}
