import type { Change } from '../scan/lock/changes.ts'

const WORDS: Readonly<Record<Change['kind'], string>> = {
  added: 'new',
  late: 'new, in front of committed ones',
  rewritten: 'changed, not committed yet',
  dropped: 'gone, was not committed',
  revised: 'changed, and runs again',
  renamed: 'has another name',
  refreshed: 'other edges that only order',
  changed: 'changed',
  reordered: 'other edges',
  removed: 'gone',
  returned: 'here again',
}

/** One difference from the lock file, in a line. */
export function changeLine({ id, kind, line, migration }: Change): string {
  const was = kind === 'renamed' && line && migration?.name !== line.name ? ` (was ${line.name})` : ''
  return `  ${id}: ${WORDS[kind]}${was}`
}
