import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createMigrator } from '../../src/admin.ts'
import { effectsOf } from './effects.ts'
import { storages } from './storages.ts'

it('the README has a row for every command, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const section = /## Taking back and repairing\n([^]*?)\n## /.exec(text)?.[1] ?? ''
  const cells = Array.from(section.matchAll(/^\| (`[^|]*)\|/gm), ([, cell = '']) => cell)
  const named = cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)\(/g), ([, name = '']) => name))
  expect(named.toSorted()).toEqual(Object.keys(createMigrator(effectsOf([]), storages().options)).toSorted())
})
