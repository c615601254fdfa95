export type { KnownId, KnownIds } from './graph/known-id.ts'
export type { HistoryPolicies, Policy } from './graph/policy.ts'
export { defineAdapter } from './runtime/adapter.ts'
export { withDeadline } from './runtime/deadline.ts'
export { deferredWrites } from './runtime/deferred/writes.ts'
export { severalStorages } from './runtime/several/storages.ts'
export { statementAtATime } from './runtime/statements/strategy.ts'
export { singleBatch } from './runtime/traits/batches.ts'
export { withoutLog } from './runtime/without-log/strategy.ts'
export type {
  Adapter,
  AdapterWithoutLog,
  Capabilities,
  Cell,
  Direct,
  ErrorClass,
  Final,
  Log,
  Perform,
  Session,
  Staging,
  StateCapabilities,
  Statement,
  Strategy,
  Transaction,
} from './runtime/adapter.ts'
export type { Entry, EntryKind, SeenTarget } from './runtime/entry.ts'
export { check } from './runtime/check.ts'
export type { CheckOptions } from './runtime/check.ts'
export { hooks } from './runtime/hooks.ts'
export type { HookFunctions, Hooks } from './runtime/hooks.ts'
export { MigrationError } from './runtime/errors.ts'
export type { Files, Json, KeyValue, Kind, Kinds, Sql, SqlDialect, SqlValue } from './runtime/handles.ts'
export { migrate } from './runtime/migrate.ts'
export { defineMigration } from './runtime/migration.ts'
export type { Migration, MigrationContext, Step, Tools, Uses } from './runtime/migration.ts'
export type { Applied, Finding, MigrationEvent, Options, Result } from './runtime/options.ts'
export { plan } from './runtime/plan.ts'
export type { Plan, PlannedMigration } from './runtime/plan.ts'
export { status } from './runtime/status.ts'
export type { MigrationStatus, Status } from './runtime/status.ts'
