export type { KnownId, KnownIds } from './graph/known-id.ts'
export type { HistoryPolicies, Policy } from './graph/policy.ts'
export { defineAdapter } from './runtime/adapter.ts'
export { deferredWrites } from './runtime/deferred/writes.ts'
export type { DeferredWrites } from './runtime/deferred/writes.ts'
export type {
  Adapter,
  Capabilities,
  ErrorClass,
  Final,
  Log,
  Session,
  Staging,
  StateCapabilities,
  Transaction,
} from './runtime/adapter.ts'
export type { Entry, EntryKind, SeenTarget } from './runtime/entry.ts'
export { MigrationError } from './runtime/errors.ts'
export type { Files, Json, KeyValue, Kind, Kinds, Sql, SqlDialect, SqlValue } from './runtime/handles.ts'
export { migrate } from './runtime/migrate.ts'
export { defineMigration } from './runtime/migration.ts'
export type { Migration, MigrationContext, Tools, Uses } from './runtime/migration.ts'
export type { Applied, Finding, MigrationEvent, Options, Result } from './runtime/options.ts'
export { plan } from './runtime/plan.ts'
export type { Plan, PlannedMigration } from './runtime/plan.ts'
export { status } from './runtime/status.ts'
export type { MigrationStatus, Status } from './runtime/status.ts'
