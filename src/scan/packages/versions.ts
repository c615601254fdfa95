import { type Carrier, originOf } from './carriers.ts'
import type { ScanOptions } from '../options.ts'
import { offsetOf } from './package-json.ts'
import { listed } from '../report/listed.ts'
import { packageOption } from '../report/package-option.ts'
import { MOST_SOURCES, type Report, sourceAt } from '../report/report.ts'

/** Leaves one instance of each package that brings migrations, or reports that it cannot. In the order that was given. */
export function pickVersions(carriers: readonly Carrier[], options: ScanOptions, report: Report): readonly Carrier[] {
  const given = new Map(Object.entries(options.packages ?? {}))
  const groups = new Map<string, Carrier[]>()
  for (const carrier of carriers) {
    const option = given.get(carrier.instance.name)
    if (option && option.version !== undefined && option.version !== carrier.instance.version) continue
    const same = groups.get(carrier.identity)
    if (same) same.push(carrier)
    else groups.set(carrier.identity, [carrier])
  }
  return [...groups].flatMap(([identity, same]) => {
    const [first] = same
    if (first && same.length > 1 && !same.every((each) => isCopy(each, first))) reportSeveral(identity, same, report)
    return first ? [first] : []
  })
}

/** Package managers install one version several times, for each set of its peers. */
function isCopy(carrier: Carrier, other: Carrier): boolean {
  if (carrier === other) return true
  const { instance: a } = carrier
  const { instance: b } = other
  return a.name === b.name && a.version === b.version && !a.linked && !b.linked
}

/** A version picks nothing where it is that of a link too. */
function fixOf(name: string, versions: readonly string[], same: readonly Carrier[]): string {
  const pick = versions.findLast((version) => {
    const [first, ...others] = same.filter(({ instance }) => instance.version === version)
    return first !== undefined && others.every((other) => isCopy(other, first))
  })
  return pick === undefined
    ? `Make the package manager install one: either link ${name} for all that depend on it, or for none.`
    : `Make the package manager install one, or pick one: ${packageOption(name, 'version', pick)}`
}

function reportSeveral(identity: string, same: readonly Carrier[], report: Report): void {
  const names = new Set(same.map(({ instance }) => instance.name))
  const [first] = same
  const places = same.map(
    ({ instance }) => `${instance.name}@${instance.version} in ${instance.root}${originOf(instance)}`,
  )
  const list = listed(places, ' and ')
  const versions = [...new Set(same.map(({ instance }) => instance.version))]
  const sources = same
    .slice(0, MOST_SOURCES)
    .map(({ instance }) => sourceAt(instance.json.source, offsetOf(instance.json, 'version')))
  if (names.size > 1)
    report.error('MIG_B0215', {
      message: `Several packages have the identity ${identity}: ${list}.`,
      fix: 'Give one of them another identity in its package.json: "migrations": { "id": "<name>" }',
      sources,
    })
  else
    report.error('MIG_B0206', {
      message: `${versions.length === 1 ? 'Several copies' : `${versions.length} versions`} of ${identity} bring migrations: ${list}.`,
      fix: fixOf(first?.instance.name ?? '', versions, same),
      sources,
    })
}
