import type { KnownId } from '../graph/known-id.ts'
import type { Manifest } from '../graph/manifest.ts'
import type { PlanRequest, Targets } from '../graph/plan/request.ts'
import type { Adapter } from '../runtime/adapter.ts'
import type { Options } from '../runtime/options.ts'
import { type Plan, plan } from '../runtime/plan.ts'
import { createRun, type Run } from '../runtime/run.ts'
import { type Status, status } from '../runtime/status.ts'
import { carryOut } from './carry-out.ts'
import { type HistoryFilter, type HistoryLine, history } from './history.ts'
import { markAll } from './mark-all.ts'
import { moveState } from './move-state.ts'
import { rebuildState } from './rebuild-state.ts'
import { type Release, release } from './release.ts'
import { type Repair, repair } from './repair.ts'
import type { DryRun, Report, Statement } from './report.ts'
import type { Request } from './request.ts'
import { type Verdict, resolveAttempt } from './resolve.ts'
import { type UpOptions, up } from './up.ts'
import { type Verified, verifyApplied } from './verify.ts'

export interface Leaving extends DryRun {
  /** Migrations to leave out. What needs them must be left out too. */
  readonly skip?: readonly KnownId[]
}

/**
 * What people and jobs do with migrations beside applying all of them. Targets are those of `unplugin-migrations/graph`:
 * `heads`, `base`, ids, begins of names, `<package>@head`, `+2`, `-1`. Commands may run beside each other and beside
 * `migrate`; each throws `PlanError` or `MigrationError`, and with `dryRun` says what it would do and writes nothing.
 */
export interface Migrator<Name extends string = string> {
  plan(): Promise<Plan>
  status(): Promise<Status>
  /** What all logs tell, oldest first. */
  history(filter?: HistoryFilter): Promise<readonly HistoryLine[]>
  /** Applies what the targets need. @default 'heads' */
  up(targets?: Targets, options?: UpOptions): Promise<Report>
  /** Takes back what follows the targets, the latest first: `base` all, `-1` the last, an id what comes after it. */
  down(targets: Targets, options?: Leaving): Promise<Report>
  /** Up or down, whichever it takes; both where it is asked for as `mixed`. */
  to(targets: Targets, options?: Leaving & { readonly mixed?: boolean }): Promise<Report>
  /** Takes these back with all that depends on them, and applies the same again. @default '-1' */
  redo(targets?: Targets, options?: DryRun): Promise<Report>
  /** Exactly these. What they need must be applied, or what needs them taken back, or among them. @default up */
  only(ids: readonly KnownId[], options?: DryRun & { readonly direction?: 'up' | 'down' }): Promise<Report>
  /** Marks all up to the targets as applied, and what follows them as not, and runs nothing. */
  baseline(targets: Targets, statement: Statement): Promise<Report>
  /** Marks exactly these as applied, and runs nothing. */
  skip(ids: readonly KnownId[], statement: Statement): Promise<Report>
  /** Runs the post-checks of applied migrations, each in a unit that is rolled back. @default all that have one */
  verify(ids?: readonly KnownId[]): Promise<readonly Verified[]>
  /**
   * Says whether the effect of an attempt that is in doubt is there: of one that ended its own transaction (`MIG_R0212`),
   * or of the statement that is not clear (`MIG_R0270`). Of one that was interrupted between two statements: whether
   * somebody has done all of the migration by hand, or has undone what there was of it; the same of one that is committed
   * and whose staged work is lost (`MIG_R0236`), or finds other contents (`MIG_R0231`).
   */
  resolve(id: KnownId, verdict: 'applied' | 'not-applied', about: Verdict): Promise<Report>
  /** Appends what is missing, and accepts what is named. Rewrites nothing. */
  repair(what: Repair): Promise<Report>
  /** Into another store, and closes the old one. Whichever of the two `state` names. */
  moveState(from: Name | Adapter, to: Name | Adapter, options?: DryRun): Promise<Report>
  /**
   * Frees a lock that its holder cannot free any more (`MIG_R0235`), or the lease of a run that others wait for
   * (`MIG_R0205`), by the token that the error names.
   */
  release(target: Name | 'state', options: Release): Promise<Report>
  /** Writes anew what the state store has lost, from the logs of the targets. */
  rebuildState(options?: DryRun): Promise<Report>
}

/**
 * @example
 * const migrator = createMigrator(manifest, config)
 * await migrator.down('-1', { dryRun: true })
 */
export function createMigrator<Name extends string>(
  manifest: Manifest,
  options: Options<Name> | (() => Options<Name>),
): Migrator<Name> {
  const given = (): Options => (typeof options === 'function' ? options() : options)
  const start = (more: Partial<Options> = {}): Run => createRun(manifest, { ...given(), ...ASKED_FOR, ...more })
  const request = (asked: Request, manner: DryRun): Promise<Report> => carryOut(start(), asked, manner)
  const mark = (asked: PlanRequest, statement: Statement): Promise<Report> => markAll(start(), asked, statement)
  return {
    plan: () => plan(manifest, options),
    status: () => status(manifest, options),
    history: (filter = {}) => history(start(), filter),
    up: (targets = 'heads', asked = {}) => up(start, targets, asked),
    down: (targets, { dryRun, ...leaving } = {}) =>
      request({ direction: 'down', targets, ...leaving }, { dryRun: dryRun === true }),
    to: (targets, { dryRun, mixed, ...leaving } = {}) =>
      request({ direction: mixed ? 'mixed' : 'to', targets, ...leaving }, { dryRun: dryRun === true }),
    redo: (targets = '-1', { dryRun } = {}) => request({ direction: 'redo', targets }, { dryRun: dryRun === true }),
    only: (ids, { dryRun, direction = 'up' } = {}) => request({ direction, only: ids }, { dryRun: dryRun === true }),
    baseline: (targets, statement) => mark({ direction: 'stamp', targets }, statement),
    skip: (ids, statement) => mark({ direction: 'up', only: ids }, statement),
    verify: (ids) => verifyApplied(start(), ids),
    resolve: (id, verdict, about) => resolveAttempt(start(), id, verdict, about),
    repair: (what) => repair(start(), what),
    moveState: (from, to, asked = {}) => moveState(start({ state: from }), start({ state: to }), asked),
    release: (target, asked) => release(start(), target, asked),
    rebuildState: (asked = {}) => rebuildState(start(), asked),
  }
}

/** Somebody asks: what a server leaves to others, or a development server holds back, is meant too. */
const ASKED_FOR = { mode: 'all', held: 'run', onPending: 'wait' } as const
