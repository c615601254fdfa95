import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The share of packages that lie at the top of `node_modules`; the others are second versions below who needs them. */
export const HOISTED = 0.85

/**
 * Bytes and modules of a package's code, the mean of each tenth of packages, as the build of a server reached them in an
 * application of 944 packages (React, MUI, Express, Nest, the AWS SDK, Apollo, MongoDB and 45 others at its top): 391
 * packages, 29 MB, 6,400 modules.
 */
const CODE = [
  [334, 1],
  [1_116, 1],
  [2_389, 1],
  [3_760, 2],
  [6_552, 2],
  [10_388, 3],
  [16_965, 4],
  [37_514, 9],
  [94_317, 26],
  [563_498, 112],
]

/** The share of packages that a build reaches. */
const REACHED = 391 / 944

/**
 * Writes an application with an installed dependency tree as npm lays it out, the same in every run.
 *
 * @param {string} root
 * @param {{ packages: number, direct: number, carriers: number, migrations: number }} size `direct`: dependencies of the
 *   application itself; `carriers`: packages that bring migrations, `migrations` each
 * @returns {{ packageJsons: readonly string[], migrations: readonly string[], dependencies: readonly string[] }} absolute
 *   paths, in the order of writing, and the names of the direct dependencies
 */
export function writeDependencyTree(root, { packages, direct, carriers, migrations }) {
  const random = randomNumbers(7)
  const hoisted = Math.round(packages * HOISTED)
  const needs = Array.from({ length: hoisted }, () => new Set())
  for (let index = direct; index < hoisted; index++) needs[random(index)].add(nameOf(index))
  for (const [index, names] of needs.slice(0, -1).entries())
    for (let more = random(3); more > 0; more--) names.add(nameOf(index + 1 + random(hoisted - index - 1)))
  const found = { packageJsons: [], migrations: [], dependencies: [] }
  const place = (folder, name, version, dependencies, brings) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.js'), mainModule(name, version))
    const file = join(folder, 'package.json')
    const fields = brings ? { migrations: 'migrations' } : {}
    writeFileSync(file, JSON.stringify(packageJson(name, version, dependencies, fields), null, 2))
    found.packageJsons.push(file)
    if (brings) found.migrations.push(...writeMigrations(join(folder, 'migrations'), name, migrations))
  }
  for (let count = hoisted; count < packages; count++) {
    const host = random(hoisted)
    const name = nameOf((host + 1 + random(hoisted - 1)) % hoisted)
    const folder = join(root, 'node_modules', nameOf(host), 'node_modules', name)
    if (found.packageJsons.includes(join(folder, 'package.json'))) {
      count--
      continue
    }
    needs[host].add(name)
    place(folder, name, '0.9.0', [nameOf(random(hoisted))], false)
  }
  const step = Math.floor(hoisted / carriers)
  for (const [index, dependencies] of needs.entries())
    place(
      join(root, 'node_modules', nameOf(index)),
      nameOf(index),
      '1.4.2',
      dependencies,
      index % step === 0 && index / step < carriers,
    )
  found.dependencies = Array.from({ length: direct }, (_, index) => nameOf(index))
  writeFileSync(join(root, 'package.json'), JSON.stringify(packageJson('app', '1.0.0', found.dependencies), null, 2))
  found.packageJsons.push(join(root, 'package.json'))
  const lock = JSON.stringify(found.packageJsons.map((file) => ({ file, integrity: 'sha512-'.padEnd(95, 'x') })))
  writeFileSync(join(root, 'package-lock.json'), lock)
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lock)
  return found
}

/** The same numbers in every run. */
function randomNumbers(seed) {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * Gives packages code as real ones have it: as many direct dependencies as a build reaches packages.
 *
 * @param {string} root
 * @param {{ packageJsons: readonly string[], dependencies: readonly string[] }} tree
 * @returns {readonly string[]} their names
 */
export function writeCode(root, { packageJsons, dependencies }) {
  const reached = dependencies.slice(0, Math.round(packageJsons.length * REACHED))
  for (const [place, name] of reached.entries()) {
    const folder = join(root, 'node_modules', name)
    const [bytes, modules] = CODE[place % CODE.length]
    const others = Array.from({ length: modules - 1 }, (_, index) => `part-${index}`)
    const lines = others.map((part) => `export * from './${part}.js'`)
    const text = `${mainModule(name, '1.4.2')}${lines.join('\n')}\n${functions('index', bytes / modules)}`
    writeFileSync(join(folder, 'index.js'), text)
    for (const part of others) writeFileSync(join(folder, `${part}.js`), functions(part, bytes / modules))
  }
  return reached
}

function mainModule(name, version) {
  return `export const from = ${JSON.stringify(`${name}@${version}`)}\n`
}

function functions(part, bytes) {
  const written = []
  for (let length = 0; length < bytes; length += written.at(-1).length)
    written.push(oneFunction(`${part.replace('-', '_')}_${written.length}`))
  return written.join('\n')
}

function oneFunction(name) {
  return `/** Entries of an object that a test lets through, as another object. */
export function ${name}(source, test, options = {}) {
  const { depth = 1, keep = [] } = options
  const found = Object.create(null)
  for (const [key, value] of Object.entries(source ?? {})) {
    if (!test(key, value) && !keep.includes(key)) continue
    found[key] = depth > 1 && typeof value === 'object' ? ${name}(value, test, { depth: depth - 1, keep }) : value
  }
  return found
}
`
}

function nameOf(index) {
  return index % 5 === 4 ? `@scope-${index % 40}/package-${index}` : `package-${index}`
}

function packageJson(name, version, dependencies, fields = {}) {
  const ranges = (names) => Object.fromEntries([...names].map((each) => [each, '^1.0.0']))
  return {
    name,
    version,
    description: 'Does one thing, and does it as well as can be expected of it',
    keywords: ['one', 'thing', 'streams', 'parser'],
    homepage: `https://example.com/${name}#readme`,
    bugs: { url: `https://example.com/${name}/issues` },
    license: 'MIT',
    author: { name: 'Somebody', email: 'somebody@example.com' },
    repository: { type: 'git', url: `git+https://example.com/${name}.git` },
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './index.d.ts', import: './index.js' }, './package.json': './package.json' },
    files: ['index.js', 'index.d.ts', 'migrations'],
    scripts: { build: 'tsc', lint: 'eslint .', test: 'vitest run', prepublishOnly: 'npm run build' },
    ...fields,
    dependencies: ranges(dependencies),
    devDependencies: ranges(['eslint', 'prettier', 'typescript', 'vitest', '@types/node', 'tsd', 'c8', 'publint']),
    engines: { node: '>=20' },
  }
}

function writeMigrations(folder, name, count) {
  mkdirSync(folder)
  return Array.from({ length: count }, (_, index) => {
    const table = `${name.replace(/\W+/g, '_')}_${index}`
    const file = join(folder, `${String(index + 1).padStart(4, '0')}_${index % 2 ? 'fill' : 'create'}.js`)
    writeFileSync(file, index % 2 ? dataMigration(table) : schemaMigration(table))
    return file
  })
}

function schemaMigration(table) {
  return `/** The table of ${table}, with what it is looked up by. */
export const uses = { db: 'sql' }

export async function up({ db }) {
  await db.run\`
    CREATE TABLE ${table} (
      id integer PRIMARY KEY,
      owner text NOT NULL,
      title text NOT NULL DEFAULT '',
      state text NOT NULL CHECK (state IN ('new', 'open', 'closed')),
      created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
    )
  \`
  await db.run\`CREATE INDEX ${table}_owner ON ${table} (owner, created_at)\`
  await db.run\`CREATE UNIQUE INDEX ${table}_title ON ${table} (owner, title)\`
}

export async function down({ db }) {
  await db.run\`DROP INDEX ${table}_title\`
  await db.run\`DROP INDEX ${table}_owner\`
  await db.run\`DROP TABLE ${table}\`
}
`
}

function dataMigration(table) {
  return `const BATCH = 500

/** Rows from before the column are given one by their owner. */
function titleOf(row) {
  const words = row.owner.split(/\\s+/).filter((word) => word.length > 0)
  return words.length === 0 ? \`untitled \${row.id}\` : words.map((word) => word.slice(0, 1).toUpperCase()).join('')
}

export default {
  uses: { db: 'sql' },
  async up({ db, log }) {
    let last = 0
    for (;;) {
      const rows = await db.rows\`SELECT id, owner FROM ${table} WHERE id > \${last} ORDER BY id LIMIT \${BATCH}\`
      if (rows.length === 0) break
      for (const row of rows) await db.run\`UPDATE ${table} SET title = \${titleOf(row)} WHERE id = \${row.id}\`
      last = rows[rows.length - 1].id
      log(\`filled up to \${last}\`)
    }
  },
  async down({ db }) {
    await db.run\`UPDATE ${table} SET title = ''\`
  },
}
`
}
