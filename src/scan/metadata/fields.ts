/** What a field holds. */
export type FieldType = 'name' | 'names' | 'roles' | 'flag' | 'function' | 'function or false'

/** The fields of a migration that this version reads. */
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
  ['idempotent', 'flag'],
  ['destructive', 'flag'],
  ['up', 'function'],
  ['down', 'function or false'],
  ['verify', 'function'],
])

/** Fields of other versions. Using one is an error: it is never ignored. */
export const UNSUPPORTED_FIELDS: ReadonlySet<string> = new Set([
  'when',
  'probe',
  'steps',
  'repeatable',
  'deferrable',
  'transaction',
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

/** What `up` receives beside its roles: the fields of `Tools` in `runtime/migration`. */
export const RESERVED_ROLES: ReadonlySet<string> = new Set([
  'id',
  'attempt',
  'tenant',
  'signal',
  'params',
  'log',
  'progress',
])
