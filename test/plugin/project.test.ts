import { expect, it } from 'vitest'
import { Project } from '../../src/plugin/project.ts'
import { migration, pkg, tree } from '../scan/tree.ts'

it('makes one manifest of one scan: each module of a .sql file asks for it', async () => {
  const project = new Project({ types: false })
  project.open(tree({ 'package.json': pkg('app'), 'migrations/1.js': migration() }))
  const first = await project.manifest()
  expect(await project.manifest()).toBe(first)
  project.forget()
  expect(await project.manifest()).not.toBe(first)
})
