// What finding migrations costs: the walk through packages, reading migrations, a scan that repeats another, and what a
// build of Vite takes longer. All as ratios within one run. Prints the tables, and where a limit is passed.
// node test/benchmarks/scan.mjs [rounds]
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOISTED, writeCode, writeDependencyTree } from './dependency-tree.mjs'

const LIMITS = { walk: 2.5, read: 2.5, again: 0.5, build: 1.05 }
const SIZES = [1_000, 5_000]
const rounds = Number(process.argv[2] ?? 7)
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'scan-benchmark-')))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** @returns milliseconds of the clock, and of processors: what else the machine does counts little in these */
const run = (file, ...args) =>
  JSON.parse(execFileSync(process.execPath, [join(import.meta.dirname, file), ...args], { encoding: 'utf8' }))

/** A tree, and the file that lists what is in it. */
function tree(name, size) {
  const root = join(folder, name)
  mkdirSync(root)
  const files = writeDependencyTree(root, size)
  const list = join(folder, `${name}.json`)
  writeFileSync(list, JSON.stringify(files))
  return { root, list, files }
}

/** What methods that take turns took in each round. */
function inTurns(methods) {
  const times = new Map(Object.keys(methods).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++)
    for (const [name, method] of Object.entries(methods)) {
      const took = method()
      if (round >= 0) times.get(name).push(took)
    }
  return Object.fromEntries(times)
}

/** Of all rounds, each compared within itself: the machine is faster in some than in others. */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

const passed = []
const HEAD = '                            ours   floor   ratio   of processors'
const cell = (all) =>
  median(all.map(([clock]) => clock))
    .toFixed(0)
    .padStart(6)
function row(name, own, floor, limit) {
  const [value, work] = [0, 1].map((kind) => median(own.map((each, round) => each[kind] / floor[round][kind])))
  const ratios = `${value.toFixed(2).padStart(6)}  ${work.toFixed(2).padStart(14)}`
  console.log(`${name.padEnd(26)}${cell(own)}  ${cell(floor)}  ${ratios}`)
  if (value > limit) passed.push(`${name}: ${value.toFixed(2)}, limit ${limit}`)
}

function forget(root) {
  rmSync(join(root, 'node_modules/.cache'), { recursive: true, force: true })
}

for (const packages of SIZES) {
  const { root, list } = tree(`scan-${packages}`, { packages, direct: packages / 10, carriers: 250, migrations: 10 })
  const part = (name) => run('scan-part.mjs', name, root, list)
  const cold = () => {
    forget(root)
    return part('scan')
  }
  const of = inTurns({
    packageJsons: () => part('package.json files'),
    walk: () => part('walk'),
    files: () => part('files'),
    parse: () => part('parseSync'),
    read: () => part('read'),
    first: cold,
    again: () => part('scan'),
  })
  console.log(`\n${packages} packages, 250 of them with 10 migrations each; ms, medians of ${rounds} processes`)
  console.log(HEAD)
  row('walk, package.json files', of.walk, of.packageJsons, LIMITS.walk)
  console.log(`${'files of migrations'.padEnd(26)}${cell(of.files)}`)
  row('parse and hash, parseSync', of.read, of.parse, LIMITS.read)
  row('scan again, first scan', of.again, of.first, LIMITS.again)
}

/** An application with as much code as real ones, of which seven tenths are kept, and 200 migrations of 20 packages. */
const app = tree('build', { packages: 1_000, direct: 1_000 * HOISTED, carriers: 20, migrations: 10 })
const reached = writeCode(app.root, app.files)
const namesOf = (index) => (Math.floor(index / 10) % 10 < 7 ? `* as own${index}` : `{ from as own${index} }`)
writeFileSync(
  join(app.root, 'main.js'),
  [
    ...reached.map((name, index) => `import ${namesOf(index)} from '${name}'`),
    `console.log([${reached.map((_, index) => `own${index}`)}])`,
    `export { default } from 'virtual:migrations'`,
  ].join('\n'),
)
const build = (...args) => run('scan-build.mjs', app.root, app.list, ...args)
const of = inTurns({
  byHand: () => build('by-hand'),
  first: () => {
    forget(app.root)
    return build('plugin')
  },
  again: () => build('plugin'),
})
console.log(
  `\nA build with Vite, from the start of the process: 1000 dependencies, 200 migrations; ms, medians of ${rounds}`,
)
console.log(HEAD)
row('first build, by hand', of.first, of.byHand, LIMITS.build)
row('build again, by hand', of.again, of.byHand, LIMITS.build)

for (const line of passed) console.log(`over the limit: ${line}`)
