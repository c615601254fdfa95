import type { ErrorClass } from '../../runtime/adapter.ts'

/** The code of a system error, e.g. `ENOENT`; empty for others. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const CLASSES: ReadonlyMap<string, ErrorClass> = new Map([
  ['EAGAIN', 'retry'],
  ['EBUSY', 'retry'],
  ['EMFILE', 'retry'],
  ['ENFILE', 'retry'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
])

export function classify(error: unknown): ErrorClass {
  return CLASSES.get(codeOf(error)) ?? 'fatal'
}
