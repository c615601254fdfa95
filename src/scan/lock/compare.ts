import type { Id } from '../../graph/manifest.ts'
import { compareNatural } from '../natural-order.ts'
import type { Change, Comparison, LockableMigration, Review } from './changes.ts'
import { committedLines } from './committed-lines.ts'
import type { LockFile, LockedLine, LockedPackage } from './lock-file.ts'
import { declaredOf, sameEdges } from './edges.ts'
import { type Placed, placeLines } from './place-lines.ts'

/** What the comparison asks of the world. */
export interface Ground {
  readonly lock: LockFile
  /** What commits hold. `undefined`: every line counts as committed. Called at most once, and only where something differs. */
  readonly committed: () => readonly LockFile[] | undefined
  readonly migrations: readonly LockableMigration[]
  /** Whether nobody can tell if a migration of a package is there: its line stays as it is. */
  readonly isUnread: (owner: string, id: Id) => boolean
  /** Packages whose drafts are free: the application, and whatever is linked. */
  readonly own: ReadonlySet<string>
  readonly review: Review
}

/** Compares what is there with the lock file. Linear in both, but for sorting names. */
export function compareLock(ground: Ground): Comparison {
  const placed = placeLines(ground.lock, ground.migrations)
  const locked = new Set(placed.flatMap(({ migration }) => migration?.id ?? []))
  const fresh = ground.migrations.filter(({ id }) => !locked.has(id))
  const decide = new Decisions(ground, placed)
  const blocks = new Map<string, Place[]>()
  const put = (name: string, place: Place | undefined): void => {
    if (!place) return
    const same = blocks.get(name)
    if (same) same.push(place)
    else blocks.set(name, [place])
  }
  // What comes out of another package follows what its new one has, whichever of the two stands first in the file.
  for (const one of placed.filter(({ isMoved }) => !isMoved)) put(one.package, decide.line(one))
  for (const one of placed.filter(({ isMoved }) => isMoved)) put(one.package, decide.line(one))
  for (const migration of fresh.toSorted((one, other) => compareNatural(one.name, other.name)))
    put(migration.package, decide.fresh(migration))
  const packages = [...blocks].map(([name, places]): LockedPackage => ({ name, lines: decide.order(name, places) }))
  return { next: { packages }, changes: decide.changes }
}

/** A line of the next lock file. */
interface Place {
  readonly line: LockedLine
  /** As the lock file has it; of what is new, its own. */
  readonly id: Id
  /** Whether the lock file has the line as it is. */
  readonly isSame: boolean
}

/** What becomes of each line, and what there is to say of it. */
class Decisions {
  readonly changes: Change[] = []
  readonly #ground: Ground
  readonly #placed: readonly Placed[]
  #here: ReadonlySet<string> | undefined
  #committed: ((id: Id) => boolean) | undefined
  readonly #lastLine = remembered((owner) => this.#last(owner, () => true))
  readonly #lastCommitted = remembered((owner) => this.#last(owner, (id) => this.#isCommitted(id)))

  constructor(ground: Ground, placed: readonly Placed[]) {
    this.#ground = ground
    this.#placed = placed
  }

  /** A migration without a line. */
  fresh(migration: LockableMigration): Place | undefined {
    const { id, package: owner, name, hash, version, edges, isRepeatable } = migration
    const revision = isRepeatable ? { revision: 1 } : {}
    const line: LockedLine = { name, hash, accepted: [], ...revision, version, edges }
    const before = isRepeatable || !this.#isOwn(owner) ? undefined : this.#committedAfter(owner, name)
    const kind = before === undefined ? 'added' : 'late'
    const isApplied = this.#note(kind, id, owner, { migration, ...(before === undefined ? {} : { before }) })
    return isApplied ? { line, id, isSame: false } : undefined
  }

  line(placed: Placed): Place | undefined {
    const { id, line, migration } = placed
    const isFree = (): boolean => this.#isOwn(placed.package) && !this.#isCommitted(id)
    if (!migration) {
      if (line.retired || this.#ground.isUnread(placed.package, id)) return { line, id, isSame: true }
      if (!this.#isCommitted(id)) return void this.#note('dropped', id, placed.package, { line })
      const isApplied = this.#note('removed', id, placed.package, { line })
      return isApplied ? { line: { ...line, retired: true }, id, isSame: false } : { line, id, isSame: true }
    }
    const next = this.#next(placed, migration, isFree)
    return { line: next, id, isSame: next === line }
  }

  /** Own drafts have no place yet: together they follow what is committed, by their names. */
  order(owner: string, places: readonly Place[]): readonly LockedLine[] {
    // Where nothing differs nobody need be asked.
    const isSettled = !this.#isOwn(owner) || places.every(({ isSame }) => isSame)
    const drafts = isSettled ? [] : places.filter(({ id }) => !this.#isCommitted(id))
    const free = new Set(drafts)
    const byName = drafts.toSorted((one, other) => compareNatural(one.line.name, other.line.name))
    return [...places.filter((place) => !free.has(place)), ...byName].map(({ line }) => line)
  }

  #next(placed: Placed, migration: LockableMigration, isFree: () => boolean): LockedLine {
    const about = { migration, line: placed.line }
    const owner = migration.package
    let { line } = placed
    if (placed.id !== migration.id) {
      if (!this.#note('renamed', migration.id, owner, about)) return line
      line = { ...line, name: migration.name }
    }
    if (line.retired) {
      if (!this.#note('returned', migration.id, owner, about)) return line
      const { retired: _, ...rest } = line
      line = rest
    }
    const { hash, edges } = migration
    if (line.hash !== hash) {
      const revision = (line.revision ?? 0) + 1
      if (migration.isRepeatable) {
        if (!this.#note('revised', migration.id, owner, about)) return line
        line = { ...line, hash, revision }
      } else if (isFree()) {
        this.#note('rewritten', migration.id, owner, about)
        line = { ...line, hash, accepted: [] }
      } else {
        const isCommitted = this.#isCommitted(placed.id)
        if (!this.#note('changed', migration.id, owner, { ...about, isCommitted })) return line
        const accepted = [line.hash, ...line.accepted.filter((earlier) => earlier !== hash)]
        line = { ...line, hash, accepted }
      }
    }
    if (sameEdges(line.edges, edges)) return line
    const isReordered = !sameEdges(declaredOf(line.edges), declaredOf(edges)) && !isFree()
    const isApplied = isReordered
      ? this.#note('reordered', migration.id, owner, { ...about, isCommitted: this.#isCommitted(placed.id) })
      : this.#note('refreshed', migration.id, owner, about)
    return isApplied ? { ...line, edges } : line
  }

  /** @returns whether the next lock file holds it */
  #note(kind: Change['kind'], id: Id, owner: string, about: About): boolean {
    const { accepted, isReviewed } = this.#ground.review
    const isOwn = this.#isOwn(owner)
    const isFree = kind === 'dropped' || (FREE.has(kind) && (isOwn || isReviewed))
    // Where nothing of a package is found, somebody may look at the wrong place: then that is what has to be accepted.
    const isAccepted = accepted.has(owner) || (accepted.has(id) && (kind !== 'removed' || this.#isHere(owner)))
    const isApplied = isFree || isAccepted
    this.changes.push({ kind, id, package: owner, isOwn, isApplied, ...about })
    return isApplied
  }

  #isOwn(owner: string): boolean {
    return this.#ground.own.has(owner)
  }

  #isHere(owner: string): boolean {
    this.#here ??= new Set(this.#ground.migrations.map((migration) => migration.package))
    return this.#here.has(owner)
  }

  #isCommitted(id: Id): boolean {
    const { lock, committed, migrations } = this.#ground
    this.#committed ??= committedLines(lock, committed(), migrations)
    return this.#committed(id)
  }

  /** A committed line of the package that runs once, and whose name comes behind `name`. */
  #committedAfter(owner: string, name: string): string | undefined {
    const last = this.#lastLine(owner)
    if (last === undefined || compareNatural(name, last) > 0) return undefined
    const committed = this.#lastCommitted(owner)
    return committed !== undefined && compareNatural(name, committed) < 0 ? committed : undefined
  }

  /** The last name, whatever its place, of what runs once. */
  #last(owner: string, counts: (id: Id) => boolean): string | undefined {
    return this.#placed
      .filter((one) => one.package === owner && runsOnce(one) && counts(one.id))
      .map(({ line, migration }) => migration?.name ?? line.name)
      .toSorted(compareNatural)
      .at(-1)
  }
}

type About = Pick<Change, 'migration' | 'line' | 'before' | 'isCommitted'>

const FREE: ReadonlySet<Change['kind']> = new Set(['added', 'rewritten', 'dropped', 'revised', 'renamed', 'refreshed'])

/** What always runs had no number in the lines of earlier versions. */
function runsOnce({ line, migration }: Placed): boolean {
  return line.revision === undefined && migration?.isRepeatable !== true
}

function remembered<Value>(make: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, { readonly value: Value }>()
  return (key) => {
    const found = known.get(key) ?? { value: make(key) }
    known.set(key, found)
    return found.value
  }
}
