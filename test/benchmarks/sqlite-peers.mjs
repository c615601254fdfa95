import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'

const COUNT = 1_000
const PEERS = ['umzug', 'kysely', 'drizzle', 'knex']
const PACKAGES = { drizzle: 'drizzle-orm' }

/** The tools that the harness in `harness` has for SQLite, by name and version: each applies `COUNT` migrations to a file. */
async function peersIn(harness) {
  const load = (file) => import(pathToFileURL(join(harness, 'lib', file)).href)
  const [{ peers }, { fixture }] = [await load('peers.mjs'), await load('fixtures.mjs')]
  return PEERS.map((name) => {
    const { load: open, run, close, fixture: format } = peers[`${name}:sqlite`]
    const path = join(harness, 'node_modules', PACKAGES[name] ?? name, 'package.json')
    const { version } = JSON.parse(readFileSync(path, 'utf8'))
    const dir = format && fixture(format, COUNT)
    return {
      name: `${name} ${version}`,
      async run(file) {
        const handle = await open()
        await run(handle, { n: COUNT, kind: 'ddl', file, dir })
        await close?.(handle)
      },
    }
  })
}

/** A method on a connection as one on a file, since the tools open theirs themselves. */
function onFile({ name, run }) {
  return {
    name,
    async run(file) {
      const database = new Database(file)
      try {
        await run(database)
      } finally {
        database.close()
      }
    },
  }
}

/**
 * Prints the rows of other tools beside those of `methods`, whose first does nothing but the work. Opening the file is
 * included everywhere, loading a tool is not.
 */
export async function printPeers(harness, methods, { rounds, median, fresh }) {
  const own = Object.entries(methods).map(([name, make]) => onFile({ name, run: make(COUNT) }))
  const runs = [...own, ...(await peersIn(harness))].map((one) => ({ ...one, apply: [], again: [] }))
  const [floor] = runs
  for (let round = -1; round < rounds; round++)
    for (const one of runs)
      await fresh(async (file) => {
        for (const times of [one.apply, ...(one === floor ? [] : [one.again])]) {
          const start = performance.now()
          await one.run(file)
          if (round >= 0) times.push(performance.now() - start)
        }
      })
  const ours = runs[1]
  console.log(`\n${COUNT} migrations beside other tools, journal wal, opening included; medians of ${rounds}`)
  console.log('| | apply, of better-sqlite3 itself | nothing to do, of ours |')
  console.log('|---|---:|---:|')
  for (const { name, apply, again } of runs) {
    const cells = [
      median(apply) / median(floor.apply),
      ...(again.length > 0 ? [median(again) / median(ours.again)] : []),
    ]
    console.log(`| ${name} | ${cells.map((ratio) => ratio.toFixed(2)).join(' | ')}${again.length > 0 ? '' : ' | '} |`)
  }
}
