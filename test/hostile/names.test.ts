import { describe, expect, it } from 'vitest'
import { migration, pkg } from '../scan/tree.ts'
import { attack } from './attack.ts'

const INJECTIONS = [
  `'; DROP TABLE x;--`,
  '`x`',
  `"x"`,
  '$1',
  '%s',
  'a\0b',
  'a\nb',
  'a\r[MIG_B0000] fake',
  '\u001b[2J',
  '${process.exit()}',
  '</script>',
]

describe('H01 names that mean something elsewhere', () => {
  it.each(INJECTIONS)('are refused as an id: %j', async (name) => {
    const { codes, ids } = await attack({ 'migrations/1.js': migration(`export const id = ${JSON.stringify(name)}`) })
    expect({ codes, ids }).toEqual({ codes: ['MIG_B0209'], ids: [] })
  })

  it.each(INJECTIONS.filter((name) => !/[\0/]/.test(name)))('are refused as the name of a file: %j', async (name) => {
    expect((await attack({ [`migrations/${name}.js`]: migration() })).codes).toEqual(['MIG_B0209'])
  })

  it.each(INJECTIONS)('are refused wherever another migration is named: %j', async (name) => {
    const text = JSON.stringify(`gone:${name}`)
    for (const field of ['dependsOn', 'runBefore', 'replaces', 'conflictsWith', 'formerly']) {
      const { codes } = await attack({
        'package.json': pkg('app', { optionalDependencies: { gone: '*' } }),
        'migrations/1.js': migration(`export const ${field} = [${text}]`),
      })
      expect({ field, codes }).toEqual({ field, codes: ['MIG_B0108'] })
    }
  })

  it.each(INJECTIONS)('are refused as a parent, label, role, step and package: %j', async (name) => {
    const text = JSON.stringify(name)
    const step = `export const uses = { db: 'sql' }\nexport const steps = [{ name: ${text}, up() {} }]`
    const cases = {
      MIG_B0109: { 'migrations/1.js': migration(), 'migrations/2.js': migration(`export const parents = [${text}]`) },
      MIG_B0116: { 'migrations/1.js': migration(`export const labels = [${text}]`) },
      MIG_B0307: { 'migrations/1.js': `export const uses = { ${text}: 'sql' }\nexport function up() {}` },
      MIG_B0316: { 'migrations/1.js': step },
      MIG_B0209: { 'package.json': pkg('app', { migrations: { id: name } }), 'migrations/1.js': migration() },
    }
    for (const [code, files] of Object.entries(cases)) expect((await attack(files)).codes).toEqual([code])
  })
})

const MEMBERS = ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then']

describe('H03 names that every object has', () => {
  it('are names of migrations like others where the grammar has them', async () => {
    const files = Object.fromEntries(MEMBERS.map((name) => [`migrations/${name}.js`, migration()]))
    const { codes, ids } = await attack(files)
    expect(codes).toEqual([])
    expect(ids.toSorted()).toEqual(MEMBERS.map((name) => `app:${name}`).toSorted())
  })

  it('lead to nothing that is not there', async () => {
    for (const name of [...MEMBERS, '__proto__']) {
      const { codes } = await attack({ 'migrations/1.js': migration(`export const dependsOn = ['${name}:${name}']`) })
      expect(codes).toEqual([name === '__proto__' ? 'MIG_B0108' : 'MIG_B0105'])
    }
  })

  it('are no ids and no roles where an object would be asked for them', async () => {
    expect((await attack({ 'migrations/__proto__.js': migration() })).codes).toEqual(['MIG_B0213'])
    expect((await attack({ 'migrations/1.js': migration(`export const id = '__proto__'`) })).codes).toEqual([
      'MIG_B0209',
    ])
    for (const role of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])
      expect(
        (await attack({ 'migrations/1.js': `export const uses = { '${role}': 'sql' }\nexport function up() {}` }))
          .codes,
      ).toEqual(['MIG_B0307'])
  })

  it('are packages, dependencies and options like others', async () => {
    const names = ['constructor', '__proto__', 'hasOwnProperty']
    const dependencies = Object.fromEntries(names.map((name) => [name, '1']))
    const installed = names.map((name) => [`node_modules/${name}/package.json`, pkg(name, { migrations: 'm' })])
    const { codes } = await attack({
      'package.json': `{ "name": "app", "__proto__": { "polluted": 1 }, "dependencies": ${JSON.stringify(dependencies).replace('{', '{ "__proto__": "1", ')} }`,
      ...Object.fromEntries(installed),
      ...Object.fromEntries(names.map((name) => [`node_modules/${name}/m/1.js`, migration()])),
    })
    expect(codes).toEqual(['MIG_B0209'])
    const options = JSON.parse('{ "__proto__": false, "constructor": false }') as Record<string, false>
    expect((await attack({ 'migrations/1.js': migration() }, { packages: options })).codes).toEqual([
      'MIG_B0207',
      'MIG_B0207',
    ])
  })
})

/** Each with what it must be shown as, where somebody reads it. */
const ALIKE = {
  composed: ['caf\u00e9', String.raw`caf\u{e9}`],
  decomposed: ['cafe\u0301', String.raw`cafe\u{301}`],
  'sharp s': ['stra\u00dfe', String.raw`stra\u{df}e`],
  'dotless i': ['\u0131nit', String.raw`\u{131}nit`],
  // The same name, where a system folds what is compatible.
  'full width': ['\uff49nit', String.raw`\u{ff49}nit`, 'MIG_B0210'],
  'zero width': ['in\u200bit', String.raw`in\u{200b}it`],
  'from right to left': ['in\u202etini', String.raw`in\u{202e}tini`],
  'of another alphabet': ['\u0456nit', String.raw`\u{456}nit`],
  emoji: ['\u{1f469}\u200d\u{1f680}', String.raw`\u{1f469}\u{200d}\u{1f680}`],
  'half a character': ['init\ud83d', String.raw`init\ud83d`],
}

describe('H04 names that look like others', () => {
  it.each(Object.entries(ALIKE))(
    '%s: refused, and shown with code points',
    async (_, [name = '', shown = '', ...more]) => {
      const { codes, text } = await attack({
        'migrations/init.js': migration(),
        'migrations/2.js': migration(`export const id = ${JSON.stringify(name)}`),
      })
      expect(codes).toEqual(['MIG_B0209', ...more])
      expect(text).toContain(`"${shown}"`)
      expect(text.split('\n')[0]).not.toContain(name)
      const proposal = /for example '([^']*)'/.exec(text)?.[1] ?? ''
      expect(proposal).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    },
  )

  it.each(Object.values(ALIKE))('as the name of a file: %j', async (name = '') => {
    if (/[\ud800-\udfff]$/.test(name) && !/\p{Extended_Pictographic}/u.test(name)) return
    expect((await attack({ [`migrations/${name}.sql`]: '-- uses: db\nselect 1' })).codes).toEqual(['MIG_B0209'])
  })
})

describe('H05 names that are one name, or none, on another system', () => {
  it.each([
    [['A.js', 'a.js'], ['MIG_B0210']],
    [['A/1.js', 'a/1.js'], ['MIG_B0210']],
    [['con.js'], ['MIG_B0209']],
    [['aux.sql'], ['MIG_B0209']],
    [['LPT1.more.js'], ['MIG_B0209']],
    [['nul/1.js'], ['MIG_B0209']],
    [['a..js'], ['MIG_B0209']],
    [['a .js'], ['MIG_B0209']],
    [[' a.js'], ['MIG_B0209']],
    [['a./1.js'], ['MIG_B0209']],
  ] as const)('%j', async (names, codes) => {
    const files = Object.fromEntries(
      names.map((name) => [`migrations/${name}`, name.endsWith('.sql') ? '-- uses: db\nselect 1' : migration()]),
    )
    expect((await attack(files)).codes).toEqual(codes)
  })

  it('two packages whose names differ only in case', async () => {
    const { codes } = await attack({
      'package.json': pkg('app', { dependencies: { bank: '1', Bank: '1' } }),
      'node_modules/bank/package.json': pkg('bank', { migrations: 'm' }),
      'node_modules/bank/m/1.js': migration(),
      'node_modules/Bank/package.json': pkg('Bank', { migrations: 'm' }),
      'node_modules/Bank/m/1.js': migration(),
    })
    expect(codes).toEqual(['MIG_B0210'])
  })
})
