import { describe, expect, it } from 'vitest'
import { type Content, migration, pkg } from '../scan/tree.ts'
import { attack } from './attack.ts'

/** Packages with one migration each, and what else they say. */
function packages(fields: Readonly<Record<string, object>>): Record<string, Content> {
  const dependencies = Object.fromEntries(Object.keys(fields).map((name) => [name, '1']))
  const files: Record<string, Content> = { 'package.json': pkg('app', { dependencies }) }
  for (const [name, more] of Object.entries(fields)) {
    files[`node_modules/${name}/package.json`] = pkg(name, { migrations: 'm', ...more })
    files[`node_modules/${name}/m/1.js`] = migration()
  }
  return files
}

describe('H10 packages whose names are nearly those of others', () => {
  it('are packages of their own', async () => {
    const { codes, ids } = await attack(packages({ '@acme/db': {}, 'acme-db': {}, '@acme-db/db': {}, acme_db: {} }))
    expect(codes).toEqual([])
    expect(ids).toEqual(['@acme-db/db:1', '@acme/db:1', 'acme-db:1', 'acme_db:1'])
  })

  it.each([
    ['a letter of another alphabet', '\u0430cme', String.raw`"\u{430}cme"`],
    ['an invisible letter', 'ac\u200bme', String.raw`"ac\u{200b}me"`],
    ['the other direction', 'ac\u202eme', String.raw`"ac\u{202e}me"`],
  ])('by %s: refused, and shown with code points', async (_, name, shown) => {
    const { codes, text } = await attack(packages({ acme: {}, [name]: {} }))
    expect(codes).toEqual(['MIG_B0209'])
    expect(text).toContain(shown)
  })

  it('say by which packages they came', async () => {
    const { text } = await attack({
      ...packages({ a: { migrations: undefined, dependencies: { b: '1' } } }),
      'node_modules/b/package.json': pkg('b', { migrations: 'gone' }),
    })
    expect(text).toContain('(brought in by app → a)')
  })
})

describe('H11 two packages claim one name', () => {
  it.each([
    ['the identity of another', { bank: {}, thief: { migrations: { path: 'm', id: 'bank' } } }, 'MIG_B0215'],
    ['the identity of the application', { thief: { migrations: { path: 'm', id: 'app' } } }, 'MIG_B0215'],
    [
      'an earlier identity that another has',
      { bank: {}, thief: { migrations: { path: 'm', formerly: ['bank'] } } },
      'MIG_B0102',
    ],
  ])('%s', async (_, fields, code) => {
    const { codes, text } = await attack({ ...packages(fields), 'migrations/2.js': migration() })
    expect(codes).toEqual([code])
    expect(text).toContain('thief')
  })

  it.each(["id = 'bank:1'", "formerly = ['bank:1']"])('a migration says %s', async (says) => {
    const { codes } = await attack({
      ...packages({ bank: {}, thief: {} }),
      'node_modules/thief/m/1.js': migration(`export const ${says}`),
    })
    // An id never holds a package: it stays inside its own.
    expect(codes).toEqual([says.startsWith('id') ? 'MIG_B0209' : 'MIG_B0102'])
  })

  it('the same files under two names are two packages', async () => {
    expect((await attack(packages({ bank: {}, thief: {} }))).ids).toEqual(['bank:1', 'thief:1'])
  })
})
