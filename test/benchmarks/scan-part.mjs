// One part of a scan, or its floor, in a process of its own: a build does each once, while nothing is compiled yet.
// Prints milliseconds, of the clock and of processors. node scan-part.mjs <part> <application> <list of files>
import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import { findFiles } from '../../dist/scan/files.js'
import { findApplication } from '../../dist/scan/packages/application.js'
import { findCarriers } from '../../dist/scan/packages/carriers.js'
import { NodeModules } from '../../dist/scan/packages/node-modules.js'
import { PackageJsons } from '../../dist/scan/packages/package-json.js'
import { walkPackages } from '../../dist/scan/packages/packages.js'
import { readPackage } from '../../dist/scan/packages/read-package.js'
import { Modules } from '../../dist/scan/hash/modules.js'
import { Report } from '../../dist/scan/report/report.js'
import { scan } from '../../dist/scan/scan.js'

const [part, root, list] = process.argv.slice(2)
const files = JSON.parse(readFileSync(list, 'utf8'))
const report = new Report()

function walk() {
  const application = findApplication(root, report)
  const packageJsons = new PackageJsons()
  return { application, instances: walkPackages(application, new NodeModules(packageJsons), packageJsons, report) }
}

function find({ application, instances }) {
  const { carriers } = findCarriers(application, instances, { root }, report)
  return carriers.map((carrier) => ({ carrier, own: findFiles(carrier.folder, carrier.instance.root, '', report) }))
}

/** As the hash needs the tree: the one of TypeScript for JavaScript too. */
const OPTIONS = { astType: 'ts', preserveParens: false }

function processorTime(before) {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Each prepares what is not measured, and returns what is, which answers how many it found. */
const PARTS = {
  'package.json files': () => () =>
    files.packageJsons.filter((file) => JSON.parse(readFileSync(file, 'utf8')).name !== undefined).length,
  walk: () => () => walk().instances.length,
  files: () => {
    const found = walk()
    return () => find(found).flatMap(({ own }) => own).length
  },
  parseSync: () => () =>
    files.migrations.filter((file) => parseSync(file, readFileSync(file, 'utf8'), OPTIONS).program.body.length > 0)
      .length,
  read: () => {
    const found = find(walk())
    return async () => {
      let count = 0
      for (const { carrier, own } of found)
        count += (await readPackage(carrier, own, new Modules(), report)).drafts.length
      return count
    }
  },
  scan: () => async () => (await scan({ root })).migrations.length,
}

const expected = { walk: files.packageJsons.length, 'package.json files': files.packageJsons.length }
const run = await PARTS[part]()
const [start, used] = [performance.now(), process.cpuUsage()]
const count = await run()
const took = [performance.now() - start, processorTime(used)]
if (report.diagnostics.length > 0) throw new Error(JSON.stringify(report.diagnostics[0]))
if (count !== (expected[part] ?? files.migrations.length)) throw new Error(`${part} found ${count}`)
process.stdout.write(JSON.stringify(took))
