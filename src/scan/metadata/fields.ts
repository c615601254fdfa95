/** What a field holds. */
export type FieldType =
  | 'name'
  | 'names'
  | 'roles'
  | 'flag'
  | 'false'
  | 'repetition'
  | 'steps'
  | 'function'
  | 'function or false'

/** The fields of a migration. */
export const FIELDS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['id', 'name'],
  ['uses', 'roles'],
  ['dependsOn', 'names'],
  ['runBefore', 'names'],
  ['parents', 'names'],
  ['replaces', 'names'],
  ['conflictsWith', 'names'],
  ['formerly', 'names'],
  ['labels', 'names'],
  ['transaction', 'false'],
  ['idempotent', 'flag'],
  ['deferrable', 'flag'],
  ['destructive', 'flag'],
  ['repeatable', 'repetition'],
  ['when', 'function'],
  ['probe', 'function'],
  ['up', 'function'],
  ['down', 'function or false'],
  ['verify', 'function'],
  ['steps', 'steps'],
])

/** The fields of a step. */
export const STEP_FIELDS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['name', 'name'],
  ['uses', 'names'],
  ['transaction', 'false'],
  ['idempotent', 'flag'],
  ['probe', 'function'],
  ['up', 'function'],
  ['down', 'function'],
])

/** Fields that say when a migration runs and not what it does, so they are no part of its hash. */
export const ORDERING_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'dependsOn',
  'runBefore',
  'parents',
  'replaces',
  'conflictsWith',
  'formerly',
  'labels',
])

/** What `up` receives beside its roles: the fields of `Tools` in `runtime/migration`, and what a step gave back before. */
export const RESERVED_ROLES: ReadonlySet<string> = new Set([
  'id',
  'attempt',
  'tenant',
  'signal',
  'params',
  'log',
  'progress',
  'checkpoint',
])
