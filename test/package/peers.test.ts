import { describe, expect, it } from 'vitest'
import { bundlers, entries, packageJson } from './entries.ts'
import { foreignModules } from './print-api.ts'

describe('what a user must install', () => {
  it.each(entries)('is a dependency, for the types of $specifier, or the bundler that it is for', (entry) => {
    const allowed = [...Object.keys(packageJson.dependencies), ...bundlers.filter((name) => name === entry.name)]
    expect(foreignModules(entry).filter((module) => !allowed.includes(module))).toEqual([])
  })

  it('is found for the entries of bundlers', () => {
    const entry = entries.find(({ name }) => name === 'vite')
    expect(entry && foreignModules(entry)).toEqual(['vite'])
  })

  it('is no bundler: all are optional', () => {
    expect(bundlers).toContain('vite')
    expect(packageJson.peerDependenciesMeta).toEqual(
      Object.fromEntries(bundlers.map((name) => [name, { optional: true }])),
    )
  })
})
