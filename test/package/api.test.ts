import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DeclarationFile } from './declaration-file.ts'
import { entries, repository } from './entries.ts'
import { printApi } from './print-api.ts'

const fileOf = (name: string): string => `${name.replaceAll('/', '-')}.txt`

describe('the public API', () => {
  it.each(entries)('of $specifier is as it was reviewed', async (entry) => {
    const advice = `The API of ${entry.specifier} changed. If that is meant, write it down: npm test -- package/api -u`
    await expect(printApi(entry), advice).toMatchFileSnapshot(`api/${fileOf(entry.name)}`)
  })

  it.each(entries.filter(({ code }) => code))(
    'of $specifier has types for all of its code',
    async ({ code, types }) => {
      const exported = Object.keys(await import(join(repository, `${code}`)))
      expect(exported).not.toEqual([])
      expect(DeclarationFile.at(join(repository, types)).exportedNames).toEqual(expect.arrayContaining(exported))
    },
  )

  it('is written down for nothing that is gone', () => {
    const files = readdirSync(join(import.meta.dirname, 'api'))
    expect(entries.map(({ name }) => fileOf(name))).toEqual(expect.arrayContaining(files))
  })
})
