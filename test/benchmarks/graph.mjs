// Build, order and plan of a graph against the floor for string ids, in one run: every id interned once in a Map, then
// typed arrays and a heap. Prints the table; fails where a limit is passed.
// node --expose-gc test/benchmarks/graph.mjs [rounds]
import { buildGraph, planMigrations, situationOf } from '../../dist/graph.js'
import { floorPlan, textbookOrder } from './graph-floor.mjs'

const LIMIT = 2
const SIZES = [1_000, 10_000, 100_000]
const PER_PACKAGE = 100
const MEMORY = { nodes: 10_000, limit: 10 }
if (!globalThis.gc) throw new Error('run with --expose-gc')
const rounds = Number(process.argv[2] ?? 9)

/** The same numbers in every run. */
function randomNumbers(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** `size` nodes in a random order, each with three declared edges: its parent and two to migrations of any package. */
function drawNodes(size) {
  const random = randomNumbers(42)
  const owner = (number) => Math.floor(number / PER_PACKAGE)
  const id = (number) => `@scope/package-${owner(number)}:2024${String(number).padStart(8, '0')}_migration`
  const nodes = Array.from({ length: size }, (_, number) => {
    const index = number % PER_PACKAGE
    const parents = index === 0 ? [] : [id(number - 1)]
    const dependsOn = number === 0 ? [] : Array.from({ length: 3 - parents.length }, () => id(random(number)))
    return { id: id(number), package: `@scope/package-${owner(number)}`, index, parents, dependsOn }
  })
  for (let last = size - 1; last > 0; last--) {
    const other = random(last + 1)
    ;[nodes[last], nodes[other]] = [nodes[other], nodes[last]]
  }
  return nodes
}

function ours(nodes) {
  const { graph, problems } = buildGraph([], nodes)
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]))
  return planMigrations(situationOf(graph, []), { direction: 'up', targets: 'heads' }).up.length
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

const METHODS = { ours, floor: floorPlan, textbook: textbookOrder }

/** One after the other in every round, so that what else the machine does meets all of them alike. */
function measure(size) {
  const nodes = drawNodes(size)
  const repeats = Math.max(1, Math.round(SIZES.at(-1) / size / 5))
  const times = { ours: [], floor: [], textbook: [] }
  for (let round = -3; round < rounds; round++)
    for (const [name, run] of Object.entries(METHODS)) {
      const start = performance.now()
      for (let repeat = 0; repeat < repeats; repeat++)
        if (run(nodes) !== size) throw new Error(`${name} does not plan all ${size}`)
      if (round >= 0) times[name].push((performance.now() - start) / repeats)
    }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]))
}

/** What one of many equal things holds, so that whatever else comes and goes counts little. */
function heldMiB(make, count) {
  const used = () => {
    for (let round = 0; round < 4; round++) globalThis.gc()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const held = [make()]
  const before = used()
  while (held.length <= count) held.push(make())
  return (used() - before) / 2 ** 20 / (held.length - 1)
}

const drawnOnce = drawNodes(MEMORY.nodes)
const memory = heldMiB(() => buildGraph([], drawnOnce).graph, 20)
const memoryWithNodes = heldMiB(() => ({ nodes: drawNodes(MEMORY.nodes) }), 5) + memory
const rows = SIZES.map((size) => ({ size, ...measure(size) }))
const ratios = rows.map(({ ours: own, floor }) => own / floor)
const cell = (value, digits = 2) => value.toFixed(digits).padStart(9)
console.log('Build, order and plan, 3 edges a node; ms, medians of one run')
console.log('    nodes      ours     floor  textbook     ratio')
for (const [index, { size, ours: own, floor, textbook }] of rows.entries())
  console.log(`${String(size).padStart(9)} ${cell(own)} ${cell(floor)} ${cell(textbook)} ${cell(ratios[index])}`)

console.log(
  `A graph of ${MEMORY.nodes} nodes: ${memory.toFixed(2)} MiB, with the nodes ${memoryWithNodes.toFixed(2)} MiB (limit ${MEMORY.limit})`,
)
const last = ratios.at(-1)
const growth = last / ratios[0]
console.log(`At ${SIZES.at(-1)} nodes ${last.toFixed(2)} times the floor (limit ${LIMIT})`)
console.log(
  `From ${SIZES[0]} to ${SIZES.at(-1)} nodes it grows ${growth.toFixed(2)} times as much as the floor (limit 1)`,
)
if (last > LIMIT || growth > 1 || memoryWithNodes > MEMORY.limit) process.exitCode = 1
