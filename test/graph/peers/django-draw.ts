import * as fc from 'fast-check'
import { type Id, packageOf } from '../../../src/graph/manifest.ts'
import type { DjangoCase, DjangoMigration } from './django-case.ts'

interface Atom {
  readonly app: number
  readonly grows: 'last' | 'fork' | 'merge' | 'root'
  readonly pick: number
  readonly links: readonly { readonly pick: number; readonly as: 'dependencies' | 'runBefore' | 'first' }[]
}

interface SquashDraw {
  readonly app: number
  readonly start: number
  readonly length: number
  /** A run of another app, or the squash that this one goes around. */
  readonly also: { readonly kind: 'app' | 'inner' | 'inner without its members'; readonly pick: number } | undefined
  readonly gone: 'none' | 'all' | 'some'
  readonly goneBits: number
  /** Whether it says itself what its members depended on, as Django's `squashmigrations` writes it. */
  readonly carries: boolean
  /** Who of those that depended on a member names the squash now. */
  readonly namedBits: number
}

const APPS = ['a', 'b', 'c', 'd']

const atoms: fc.Arbitrary<readonly Atom[]> = fc.array(
  fc.record({
    app: fc.nat(APPS.length - 1),
    grows: fc.constantFrom('last', 'last', 'last', 'fork', 'merge', 'merge', 'root'),
    pick: fc.nat(15),
    links: fc.array(
      fc.record({ pick: fc.nat(15), as: fc.constantFrom('dependencies', 'dependencies', 'runBefore', 'first') }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 1, maxLength: 14, size: 'max' },
)

const squashDraw: fc.Arbitrary<SquashDraw> = fc.record({
  app: fc.nat(APPS.length - 1),
  start: fc.nat(4),
  length: fc.integer({ min: 1, max: 3 }),
  also: fc.option(fc.record({ kind: fc.constantFrom('app', 'inner', 'inner without its members'), pick: fc.nat(7) }), {
    nil: undefined,
  }),
  gone: fc.constantFrom('none', 'none', 'all', 'some'),
  goneBits: fc.nat(15),
  carries: fc.boolean(),
  namedBits: fc.nat(15),
})

/** Chains, forks and merges of several apps. Acyclic: whatever is named comes earlier in the list. */
export const plainCases: fc.Arbitrary<DjangoCase> = atoms.map(grow)

/** Which of the originals are applied. */
export const chosenBits: fc.Arbitrary<readonly boolean[]> = fc.array(fc.boolean(), { minLength: 14, maxLength: 14 })

/** The same with squashes: of one app or several, one in another, with all, some or none of the originals deleted. */
export const squashedCases: fc.Arbitrary<DjangoCase> = fc
  .tuple(atoms, fc.array(squashDraw, { minLength: 1, maxLength: 3 }))
  .map(([drawn, draws]) => {
    const none: Growing = { ...grow(drawn), taken: new Map(), deleted: new Set() }
    return draws.reduce(squash, none)
  })
  .map(({ migrations, squashes, originals, deleted }) => {
    return { migrations: migrations.filter(({ id }) => !deleted.has(id)), squashes, originals }
  })

function grow(drawn: readonly Atom[]): DjangoCase {
  const ids = drawn.map(({ app }, index) => {
    const before = drawn.slice(0, index).filter((other) => other.app === app)
    return `${APPS[app] ?? ''}:m${String(before.length).padStart(2, '0')}`
  })
  const dependencies = new Map<Id, string[]>(ids.map((id) => [id, []]))
  const runBefore = new Map<Id, string[]>(ids.map((id) => [id, []]))
  const before = new Map<Id, Id[]>(ids.map((id) => [id, []]))
  const isRoot = (id: Id): boolean => !dependencies.get(id)?.some((other) => packageOf(other) === packageOf(id))
  for (const [index, { grows, pick }] of drawn.entries()) {
    const id = ids[index] ?? ''
    const own = ids.slice(0, index).filter((other) => packageOf(other) === packageOf(id))
    const parents = {
      root: [],
      last: own.slice(-1),
      fork: own.slice(pick % Math.max(own.length, 1)).slice(0, 1),
      merge: own.filter((other) => !own.some((later) => dependencies.get(later)?.includes(other))),
    }[grows]
    dependencies.get(id)?.push(...parents)
    before.get(id)?.push(...parents)
  }
  for (const [index, { links }] of drawn.entries())
    for (const { pick, as } of links) {
      const id = ids[index] ?? ''
      const other = ids[pick % drawn.length] ?? ''
      const app = packageOf(other)
      const [root = '', ...others] = ids.filter((each) => packageOf(each) === app && isRoot(each))
      const named = as === 'first' ? root : other
      if (ids.indexOf(named) >= index || (as === 'first' && (others.length > 0 || app === packageOf(id)))) continue
      if (as === 'runBefore') runBefore.get(named)?.push(id)
      else dependencies.get(id)?.push(as === 'first' ? `${app}:__first__` : named)
      before.get(id)?.push(named)
    }
  const migrations = ids.map((id): DjangoMigration => {
    const unique = (names: readonly string[] = []): readonly string[] => [...new Set(names)]
    return { id, dependencies: unique(dependencies.get(id)), runBefore: unique(runBefore.get(id)), replaces: [] }
  })
  return { migrations, squashes: [], originals: before }
}

interface Growing extends DjangoCase {
  /** Original or squash → the squash around it. */
  readonly taken: ReadonlyMap<Id, Id>
  readonly deleted: ReadonlySet<Id>
}

function squash(growing: Growing, draw: SquashDraw, index: number): Growing {
  const { migrations, squashes, originals, taken, deleted } = growing
  const run = (app: string): readonly Id[] => {
    const free = [...originals.keys()].filter((id) => packageOf(id) === app)
    const wanted = free.slice(draw.start % Math.max(free.length, 1)).slice(0, draw.length)
    const end = wanted.findIndex((id) => taken.has(id))
    return end === -1 ? wanted : wanted.slice(0, end)
  }
  const outermost = squashes.filter(({ id }) => !taken.has(id))
  const inner =
    draw.also?.kind === 'app' ? undefined : outermost[(draw.also?.pick ?? 0) % Math.max(outermost.length, 1)]
  const nested = draw.also && draw.also.kind !== 'app' ? inner : undefined
  const app = nested ? packageOf(nested.id) : (APPS[draw.app] ?? '')
  const also = draw.also?.kind === 'app' ? run(APPS[draw.also.pick % APPS.length] ?? '') : []
  const listed = nested ? [...(draw.also?.kind === 'inner' ? nested.replaces : []), nested.id] : []
  const members = [...new Set([...listed, ...run(app), ...also])]
  if (members.length === 0) return growing
  const id = `${app}:s${index}`
  const replacesOf = new Map(squashes.map((other) => [other.id, other.replaces]))
  const withInner = (member: Id): readonly Id[] => [member, ...(replacesOf.get(member) ?? []).flatMap(withInner)]
  const inside = new Set(members.flatMap(withInner))
  const named = (bit: number): boolean => ((draw.namedBits >> (bit % 4)) & 1) === 1
  const replaced = migrations.map((migration, bit): DjangoMigration => {
    const renamed = migration.dependencies.map((other) => (inside.has(other) && named(bit) ? id : other))
    return inside.has(migration.id) ? migration : { ...migration, dependencies: [...new Set(renamed)] }
  })
  const carried = (field: 'dependencies' | 'runBefore'): readonly string[] => {
    const all = migrations.filter((migration) => inside.has(migration.id)).flatMap((migration) => migration[field])
    const isInside = (other: string): boolean => inside.has(other) || inside.has(other.replace('__first__', 'm00'))
    const outside = all.filter((other) => !isInside(other) && other !== `${app}:__first__`)
    return draw.carries ? [...new Set(outside)] : []
  }
  const built = { id, dependencies: carried('dependencies'), runBefore: carried('runBefore'), replaces: members }
  const isForgotten = (member: Id): boolean => {
    return (replacesOf.get(member) ?? []).every((other) => members.includes(other) || deleted.has(other))
  }
  const gone = members.filter(isForgotten).filter((_, bit) => {
    return draw.gone === 'all' || (draw.gone === 'some' && ((draw.goneBits >> (bit % 4)) & 1) === 1)
  })
  return {
    migrations: [...replaced, built],
    squashes: [...squashes, built],
    originals,
    taken: new Map([...taken, ...members.map((member) => [member, id] as const)]),
    deleted: new Set([...deleted, ...gone]),
  }
}
