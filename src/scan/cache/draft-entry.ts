import type { Member, StepTraits, Traits } from '../../graph/manifest.ts'
import type { Draft } from '../draft.ts'
import type { Metadata } from '../metadata/metadata.ts'
import { count, listOf, matching, oneOf, optional, type Reader, text, truth, tuple } from './schema.ts'

type StepEntry = readonly [name: string, uses: readonly string[] | undefined, bare: boolean, idempotent: boolean]
type TraitsEntry = readonly [
  bare: boolean,
  idempotent: boolean,
  deferrable: boolean,
  destructive: boolean,
  repeatable: Traits['repeatable'],
  steps: readonly StepEntry[] | undefined,
]
type MetadataEntry = readonly [
  id: string | undefined,
  names: readonly (readonly [string, readonly string[]])[],
  uses: readonly (readonly [string, string])[] | undefined,
  has: readonly Member[],
  flags: readonly string[],
  traits: TraitsEntry | undefined,
  at: readonly (readonly [string, number])[],
]

/** A migration as it is kept: all that reading it found, but not its text. */
export type DraftEntry = readonly [
  /** The file that its offsets count in, relative to the folder of its package. */
  source: string,
  name: string,
  moduleFormat: 'esm' | 'cjs',
  hash: string,
  uses: readonly (readonly [string, string])[],
  has: readonly Member[],
  metadata: MetadataEntry,
]

const texts = listOf(text)
const pairs = listOf(tuple(text, text))
const members = listOf(oneOf<Member>('up', 'down', 'irreversible', 'verify', 'when', 'probe', 'steps'))
const steps = listOf<StepEntry>(tuple(text, optional(texts), truth, truth))
const repetition = oneOf<NonNullable<Traits['repeatable']>>('onChange', 'always')
const traits: Reader<TraitsEntry> = tuple(truth, truth, truth, truth, optional(repetition), optional(steps))
const names = listOf(tuple(text, texts))
const metadata: Reader<MetadataEntry> = tuple(
  optional(text),
  names,
  optional(pairs),
  members,
  texts,
  optional(traits),
  listOf(tuple(text, count)),
)

export const readDraftEntry: Reader<DraftEntry> = tuple(
  text,
  text,
  oneOf('esm', 'cjs'),
  matching(/^h\d+:[0-9a-f]{64}$/),
  pairs,
  members,
  metadata,
)

/** What of a draft is kept beside the place of its source. */
export function draftEntry(draft: Draft, source: string): DraftEntry {
  const { name, moduleFormat, hash, uses, has } = draft
  const { id, names: lists, uses: said, has: offered, flags, traits: own, at } = draft.metadata
  const entry: MetadataEntry = [
    id,
    [...lists],
    said && [...said],
    offered,
    [...flags],
    own && traitsEntry(own),
    [...at],
  ]
  return [source, name, moduleFormat, hash, [...uses], has, entry]
}

function traitsEntry({
  transaction,
  idempotent,
  deferrable,
  destructive,
  repeatable,
  steps: own,
}: Traits): TraitsEntry {
  const kept = own?.map((step): StepEntry => [
    step.name,
    step.uses,
    step.transaction === false,
    step.idempotent === true,
  ])
  return [transaction === false, idempotent === true, deferrable === true, destructive === true, repeatable, kept]
}

/** The metadata that an entry was made of. */
export function metadataOf([, , , , , , entry]: DraftEntry): Metadata {
  const [id, lists, said, has, flags, own, at] = entry
  return {
    names: new Map(lists),
    has,
    flags: new Set(flags),
    at: new Map(at),
    ...(id === undefined ? {} : { id }),
    ...(said ? { uses: new Map(said) } : {}),
    ...(own ? { traits: traitsOf(own) } : {}),
  }
}

function traitsOf([bare, idempotent, deferrable, destructive, repeatable, own]: TraitsEntry): Traits {
  return {
    ...(bare ? { transaction: false } : {}),
    ...(idempotent ? { idempotent } : {}),
    ...(deferrable ? { deferrable } : {}),
    ...(destructive ? { destructive } : {}),
    ...(repeatable ? { repeatable } : {}),
    ...(own ? { steps: own.map(stepOf) } : {}),
  }
}

function stepOf([name, uses, bare, idempotent]: StepEntry): StepTraits {
  return {
    name,
    ...(uses ? { uses } : {}),
    ...(bare ? { transaction: false } : {}),
    ...(idempotent ? { idempotent } : {}),
  }
}
