import { describe, expect, it } from 'vitest'
import { hash, hashOf } from './hashes.ts'
import { app, migration, scanned } from './tree.ts'

describe('V05 what a migration imports', () => {
  const importing = `import { help } from './_helper.ts'\n${migration('help()')}`
  const helper = `import { deep } from './_deep/_deep.ts'\nexport const help = () => deep\n`
  const deep = `import '../_helper.ts'\nexport const deep = 1\n`
  const files = { '1.ts': importing, '_helper.ts': helper, '_deep/_deep.ts': deep }

  it('counts with it, through all files and around cycles', async () => {
    const before = await hash(files)
    expect(await hash({ ...files, '_deep/_deep.ts': deep.replace('= 1', '= 2') })).not.toBe(before)
    expect(await hash({ ...files, '_helper.ts': `// more\n${helper}` })).toBe(before)
  })

  it('is the same for a source and what is compiled from it', async () => {
    const built = Object.entries(files).map(([name, text]) => [
      name.replace('.ts', '.js'),
      text.replaceAll('.ts', '.js'),
    ])
    expect(await hash(Object.fromEntries(built))).toBe(await hash(files))
    expect(await hash({ ...files, '1.ts': importing.replace('_helper.ts', '_helper.js') })).toBe(await hash(files))
    expect(await hash({ ...files, '1.ts': importing.replace('_helper.ts', '_helper') })).toBe(await hash(files))
  })

  it('does not count where only types are used', async () => {
    const before = await hashOf(migration('const x = 1'))
    for (const from of [
      `import type { Row } from '../src/row'`,
      `import { type Row } from '#row'`,
      `import { Row } from '../row'`,
      `import {} from '../row'`,
    ])
      expect(await hashOf(`${from}\n${migration('const x: Row = 1')}`)).toBe(before)
  })

  it('counts as JSON, as text, and by require', async () => {
    const data = `import rows from './rows.json' with { type: 'json' }\nimport sql from './query.sql?raw'\n${migration('rows, sql')}`
    const assets = { '1.js': data, 'rows.json': '[1]', 'query.sql': '-- uses: db\nselect 1' }
    const before = await hash(assets)
    expect(await hash({ ...assets, 'rows.json': '[2]' })).not.toBe(before)
    expect(await hash({ ...assets, 'query.sql': '-- uses: db\nselect 2' })).not.toBe(before)
    expect(await hash({ ...assets, 'query.sql': '-- uses: db\r\nselect   1' })).toBe(before)
    const required = {
      '1.cjs': `const h = require('./_h.cjs')\nexports.uses = { db: 'sql' }\nexports.up = h`,
      '_h.cjs': 'module.exports = 1',
    }
    expect(await hash({ ...required, '_h.cjs': 'module.exports = 2' })).not.toBe(await hash(required))
  })

  it('includes a .sql of the same name', async () => {
    const beside = { '1.js': migration(), '1.sql': 'select 1', '1.down.sql': 'select 0' }
    const { migrations } = await scanned(app(beside))
    expect(migrations.map(({ id, format }) => [id, format])).toEqual([['app:1', 'module']])
    expect(await hash({ ...beside, '1.sql': 'select 2' })).not.toBe(migrations[0]?.hash)
    expect(await hash({ ...beside, '1.down.sql': 'select 2' })).not.toBe(migrations[0]?.hash)
  })
})
