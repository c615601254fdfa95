import {
  type BuiltGraph,
  type Situation,
  type GraphNode,
  type PlanRequest,
  PlanError,
  buildGraph,
  planMigrations,
  situationOf,
} from '../../../src/graph.ts'
import type { Case, CaseMigration } from './alembic-cases.ts'
import { nameOf } from './alembic-names.ts'
import type { Peer } from './python.ts'

/** A name with a colon is an id already: of something that is not here. */
export function idOf(migrations: readonly CaseMigration[], name: string): string {
  if (name.includes(':')) return name
  return `${migrations.find((each) => each.name === name)?.package ?? ''}:${name}`
}

export function buildOurs({ migrations, packages }: Case): BuiltGraph {
  const nodes = migrations.map((each): GraphNode => {
    const ids = (names: readonly string[]): readonly string[] => names.map((name) => idOf(migrations, name))
    return {
      id: `${each.package}:${each.name}`,
      package: each.package,
      index: each.index,
      parents: ids(each.parents),
      dependsOn: ids(each.dependsOn),
      labels: each.labels,
    }
  })
  return buildGraph(
    packages.map((each) => ({ ...each, optional: [] })),
    // The order in which they are given says nothing, and is not the one in which they may run.
    nodes.toReversed(),
  )
}

export function situationOfCase(drawn: Case, built: BuiltGraph = buildOurs(drawn)): Situation {
  return situationOf(
    built.graph,
    drawn.applied.map((name) => idOf(drawn.migrations, name)),
  )
}

export interface Ours {
  /** The code of the rejection. */
  readonly code: string | undefined
  readonly up: readonly string[]
  readonly down: readonly string[]
}

export function planOurs(situation: Situation, request: PlanRequest): Ours {
  try {
    const { up, down } = planMigrations(situation, request)
    return { code: undefined, up: up.map(({ id }) => nameOf(id)), down: down.map(({ id }) => nameOf(id)) }
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return { code: error.code, up: [], down: [] }
  }
}

/**
 * How Alembic reads a case.
 *
 * - `written` every `dependsOn` is one of its `dependencies`
 * - `inside` a `dependsOn` inside the package is a `down_revision`, because to us it is an edge of the package
 * - `reduced` the same, without those that another one implies
 */
export type Encoding = 'written' | 'inside' | 'reduced'

interface Revision {
  readonly id: string
  readonly down: readonly string[]
  readonly dependencies: readonly string[]
  readonly labels: readonly string[]
}

export function revisionsOf(migrations: readonly CaseMigration[], encoding: Encoding): readonly Revision[] {
  if (encoding === 'written')
    return migrations.map(({ name, parents, dependsOn, labels }) => {
      return { id: name, down: parents, dependencies: dependsOn, labels }
    })
  const lines = new Map<string, ReadonlySet<string>>()
  return migrations.map(({ name, package: owner, parents, dependsOn, labels }) => {
    const isInside = (other: string): boolean =>
      migrations.some((each) => each.name === other && each.package === owner)
    const all = [...new Set([...parents, ...dependsOn.filter(isInside)])]
    const implied = new Set(all.flatMap((each) => [...(lines.get(each) ?? [])]))
    lines.set(name, new Set([...all, ...implied]))
    const down = encoding === 'inside' ? all : all.filter((each) => !implied.has(each))
    return { id: name, down, dependencies: dependsOn.filter((other) => !isInside(other)), labels }
  })
}

interface Failure {
  readonly error: string
  readonly message: string
}

export interface AlembicPlan {
  readonly plan: readonly string[]
  /** Its version table when the plan has run; `null` where Alembic's own bookkeeping breaks down on the way. */
  readonly rows: readonly string[] | null
}

/** The questions that `alembic.py` answers, and what with. */
interface Questions {
  readonly heads: readonly [realHeads: string[], realBases: string[], heads: string[], bases: string[]]
  readonly revisions: readonly string[]
  readonly upgrade: AlembicPlan
  readonly downgrade: AlembicPlan
  readonly stamp: readonly string[]
  readonly branch: readonly string[]
  readonly take_back: readonly string[]
  readonly steps: { readonly options: number; readonly plan?: readonly string[] }
  /** `base`: before the first. `null`: too far. */
  readonly walk: string | null
  readonly looping: readonly string[]
}

export type Answer<Value> = { readonly value: Value; readonly error?: never } | ({ readonly value?: never } & Failure)

export interface Reply<Kinds extends readonly (keyof Questions)[]> {
  readonly rejected?: Failure
  readonly rows: readonly string[]
  readonly applied: readonly string[]
  readonly warnings: readonly string[]
  readonly answers: { readonly [At in keyof Kinds]: Answer<Questions[Kinds[At]]> }
}

type Ask<Kind extends keyof Questions> = readonly [kind: Kind, ...arguments: readonly unknown[]]

export async function askAlembic<const Kinds extends readonly (keyof Questions)[]>(
  peer: Peer,
  { migrations, applied }: Pick<Case, 'migrations' | 'applied'>,
  encoding: Encoding,
  ...ask: { readonly [At in keyof Kinds]: Ask<Kinds[At]> }
): Promise<Reply<Kinds>> {
  return await peer.ask<Reply<Kinds>>({ revisions: revisionsOf(migrations, encoding), applied, ask })
}

/** The answer, where Alembic is to have one. */
export function valueOf<Value>(answer: Answer<Value>): Value {
  if (answer.error === undefined) return answer.value
  throw new Error(`Alembic: ${answer.error}: ${answer.message}`)
}
