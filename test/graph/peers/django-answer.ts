import type { Id } from '../../../src/graph/manifest.ts'
import type { DjangoMigration } from './django-case.ts'
import type { Peer } from './python.ts'

export interface DjangoStep {
  readonly id: Id
  readonly down: boolean
}

type Plan = readonly DjangoStep[]

export interface DjangoQuestion {
  readonly migrations: readonly DjangoMigration[]
  /** Rows of `django_migrations`. */
  readonly applied: readonly Id[]
  /** Ids, or `<app>@base`. */
  readonly several?: readonly (readonly string[])[]
  /** App and the begin of a name. */
  readonly prefixes?: readonly (readonly [string, string])[]
}

export interface DjangoRefusal {
  readonly error: 'CircularDependencyError' | 'NodeNotFoundError' | 'ValueError'
  readonly message: string
}

/** What Django says of its graph, in which every squash is decided by what is applied. */
export interface DjangoAnswer {
  readonly error: null
  readonly ancestors: Readonly<Record<Id, readonly Id[]>>
  readonly applied: readonly Id[]
  readonly roots: Readonly<Record<string, readonly Id[]>>
  readonly leaves: Readonly<Record<string, readonly Id[]>>
  readonly conflicts: readonly string[]
  readonly history: { readonly refused: boolean; readonly pairs: readonly (readonly [Id, Id])[] }
  readonly toNode: Readonly<Record<Id, Plan>>
  /** Per app: all that its leaves need, whatever is applied, in order. */
  readonly fresh: Readonly<Record<string, readonly Id[]>>
  readonly toLeaves: Readonly<Record<string, Plan>>
  readonly toAllLeaves: Plan
  readonly toZero: Readonly<Record<string, Plan>>
  readonly several: readonly {
    readonly plan: Plan
    /** What is recorded after it ran; `null`: refused with `InvalidMigrationPlan`. */
    readonly recorded: readonly Id[] | null
  }[]
  readonly prefixes: readonly ({ readonly found: Id } | { readonly error: 'AmbiguityError' | 'KeyError' })[]
}

export async function askDjango(peer: Peer, question: DjangoQuestion): Promise<DjangoAnswer | DjangoRefusal> {
  return peer.ask<DjangoAnswer | DjangoRefusal>(question)
}
