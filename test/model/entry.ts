import type { EntryKind } from '../../src/runtime/entry.ts'

/** An entry of a log, with what the protocol decides on. Its serial is its place in the log. */
export interface Entry {
  /** `record`: an `up` or `down` of another storage, in the log of the state. */
  readonly kind: Exclude<EntryKind, 'genesis' | 'mark' | 'sealed'> | 'begin' | 'end'
  readonly id: number
  /** The storage whose change it tells of; of an `intent` the one whose log the `down` may extend. */
  readonly target: number
  readonly generation: number
  readonly attempt: string
  /** Of an `intent` and a `settled` entry: the serial that they name. */
  readonly names: number
  /** Of a `step`, and of the `begin` and `end` of a statement. */
  readonly step: number
  /** Of a `step`: whether it is to be called again. */
  readonly isCheckpoint: boolean
  /** Participants whose staged work it commits, as bits. */
  readonly redo: number
  readonly open: number
  /** Builds whose work is complete as of here, as bits. */
  readonly satisfied: number
  /** In the state's log: the length of each target's log as the writer knew it. */
  readonly seen: string
}

const FIELDS: Entry = {
  kind: 'checked',
  id: -1,
  target: -1,
  generation: 0,
  attempt: '',
  names: -1,
  step: -1,
  isCheckpoint: false,
  redo: 0,
  open: 0,
  satisfied: 0,
  seen: '',
}

/** Above everything that the key of a world uses beside entries. */
const FIRST_CODE = 0x100

const known: Entry[] = []
const codes = new Map<string, string>()

/** One character for an entry: a log is a string, and its length is the next serial. */
export function codeOf(fields: Partial<Entry> & Pick<Entry, 'kind'>): string {
  const entry = { ...FIELDS, ...fields }
  const text = Object.values(entry).join()
  const before = codes.get(text)
  if (before !== undefined) return before
  const code = String.fromCharCode(FIRST_CODE + known.length)
  known.push(entry)
  codes.set(text, code)
  return code
}

const logs = new Map<string, readonly Entry[]>()

/** The entries of a log. */
export function entriesOf(log: string): readonly Entry[] {
  const before = logs.get(log)
  if (before) return before
  const entries = Array.from(log, (code) => known[code.charCodeAt(0) - FIRST_CODE] ?? FIELDS)
  logs.set(log, entries)
  return entries
}

const texts = new Map<string, string>()

/** Entries as a reader of a counterexample wants them: `up m0 g1`. */
export function textsOf(log: string): string {
  const before = texts.get(log)
  if (before !== undefined) return before
  const text = entriesOf(log).map(textOf).join(', ')
  texts.set(log, text)
  return text
}

export function textOf(entry: Entry): string {
  const { kind, id, target, generation, names, step, isCheckpoint, open, satisfied, seen } = entry
  const parts = [
    kind,
    id >= 0 && `m${id}`,
    generation > 0 && `g${generation}`,
    step >= 0 && `step ${step}${isCheckpoint ? ' with a checkpoint' : ''}`,
    names >= 0 && `of T${target}#${names}`,
    open > 0 && `open ${open}`,
    satisfied > 0 && 'satisfied',
    seen && `seen ${seen}`,
  ]
  return parts.filter(Boolean).join(' ')
}
