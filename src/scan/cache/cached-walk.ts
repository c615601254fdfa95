import type { Application } from '../packages/application.ts'
import { NodeModules } from '../packages/node-modules.ts'
import { PackageJsons } from '../packages/package-json.ts'
import { type PackageInstance, walkPackages } from '../packages/packages.ts'
import { plugAndPlay } from '../packages/plug-and-play.ts'
import { Report } from '../report/report.ts'
import type { Cache } from './cache.ts'
import { installText } from './install.ts'
import { keptInstances } from './kept-walk.ts'
import { readAs } from './schema.ts'
import { readWalkEntry, walkEntry } from './walk-entry.ts'

const NAME = 'packages'

/**
 * The packages of an application. Where nothing of what the last walk saw has changed, what it found: package managers'
 * lock files and marks, each folder of packages, each package.json.
 *
 * @param named packages whose package.json is asked for, whatever it holds
 */
export function cachedWalk(
  application: Application,
  cache: Cache,
  named: ReadonlySet<string>,
  report: Report,
): readonly PackageInstance[] {
  const packages = new PackageJsons()
  const api = plugAndPlay(application.root, packages)
  if (api) return walkPackages(application, api, packages, report)
  const install = installText(application.root)
  const kept = readAs((value) => {
    const entry = readWalkEntry(value)
    return entry[0] === install ? keptInstances(entry, application, named) : undefined
  }, cache.read(NAME))
  if (kept) return kept
  const resolver = new NodeModules(packages)
  const before = report.diagnostics.length
  const instances = walkPackages(application, resolver, packages, report)
  const entry =
    report.diagnostics.length === before
      ? readAs(() => walkEntry(application, instances, resolver, install, cache.began), undefined)
      : undefined
  if (entry) cache.write(NAME, entry)
  return instances
}
