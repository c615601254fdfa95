import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Migrator, PlanError, createMigrator } from '../../src/admin.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { type Effect, effectsIn, effectsOf } from './effects.ts'
import { storages } from './storages.ts'

const PACKAGES = ['a', 'b', 'c']

/** Up to six migrations of three packages over two databases, some with a key, each after some of those before it. */
const graphs: fc.Arbitrary<readonly Effect[]> = fc
  .array(
    fc.record({
      owner: fc.constantFrom(...PACKAGES),
      on: fc.constantFrom('db', 'other'),
      and: fc.constantFrom(undefined, 'cache'),
      before: fc.array(fc.nat({ max: 5 }), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((drawn) => {
    const ids = drawn.map(({ owner }, index) => `${owner}:${index}`)
    return drawn.map(({ on, and, before }, index): Effect => {
      const dependsOn = before.flatMap((other) => (other < index ? (ids[other] ?? []) : []))
      return { id: ids[index] ?? '', on, dependsOn: [...new Set(dependsOn)], ...(and === undefined ? {} : { and }) }
    })
  })

type Command = (migrator: Migrator, ids: readonly Id[], dryRun: boolean) => ReturnType<Migrator['up']>

const why = { reason: 'property' }
const commands: fc.Arbitrary<Command> = fc
  .record({
    command: fc.constantFrom('up', 'down', 'to', 'mixed', 'redo', 'only', 'revert-run'),
    place: fc.nat({ max: 5 }),
    kind: fc.constantFrom('id', 'package', 'heads', 'base', '+1', '-1', 'branch'),
  })
  .map(({ command, place, kind }): Command => (migrator, ids, dryRun) => {
    const id = ids[place % ids.length] ?? ''
    const owner = id.slice(0, 1)
    const target = { id, package: owner, branch: `${owner}@base` }[kind as string] ?? kind
    switch (command) {
      case 'up':
        return migrator.up(target, { dryRun })
      case 'down':
        return migrator.down(target, { dryRun })
      case 'redo':
        return migrator.redo(kind === '-1' ? '-1' : id, { dryRun })
      case 'only':
        return migrator.only([id], { dryRun, direction: place % 2 === 0 ? 'up' : 'down' })
      case 'revert-run':
        return migrator.up(target, { dryRun, onFailure: 'revert-run' })
      default:
        return migrator.to(target, { dryRun, mixed: command === 'mixed' })
    }
  })

async function orRefusal(report: ReturnType<Migrator['up']>): Promise<unknown> {
  try {
    return (await report).actions
  } catch (error) {
    // A target that is none here, is ambiguous, or goes the other way: nothing is done.
    if (error instanceof PlanError) return error.code
    throw error
  }
}

it('whatever is asked for, in whatever order: what is there is what the status says, and what a dry run said', async () => {
  let changes = 0
  const property = fc.asyncProperty(
    graphs,
    fc.array(commands, { minLength: 1, maxLength: 6 }),
    async (effects, asked) => {
      const { database, other, data, options, appliedIn, entries } = storages()
      const manifest = effectsOf(effects)
      const ids = effects.map(({ id }) => id)
      const migrator = createMigrator(manifest, options)
      for (const command of asked) {
        const before = await entries()
        const dry = await orRefusal(command(migrator, ids, true))
        expect(await entries()).toBe(before)
        expect(await orRefusal(command(migrator, ids, false))).toEqual(dry)
        const applied = await appliedIn(manifest)
        const there = [...effectsIn(database), ...effectsIn(other)]
        expect(there.toSorted()).toEqual(applied.toSorted())
        const keyed = effects.flatMap(({ id, and }) => (and !== undefined && applied.includes(id) ? id : []))
        expect([...data.keys()].toSorted()).toEqual(keyed.toSorted())
        for (const { id, dependsOn = [] } of effects)
          if (applied.includes(id)) expect(applied).toEqual(expect.arrayContaining([...dependsOn]))
        if (Array.isArray(dry)) changes += dry.length
      }
      await migrator.baseline('heads', why)
      expect((await appliedIn(manifest)).toSorted()).toEqual(ids.toSorted())
      database.close()
      other.close()
    },
  )
  await fc.assert(property, { numRuns: 300 })
  expect(changes, 'what was really done').toBeGreaterThan(200)
})
