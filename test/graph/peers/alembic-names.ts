import type { Case } from './alembic-cases.ts'

export function sorted(names: Iterable<string>): readonly string[] {
  return [...names].toSorted()
}

/** Ours are ids; Alembic's the names in them. */
export function nameOf(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}

export function namesOf(ids: readonly string[]): readonly string[] {
  return sorted(ids.map(nameOf))
}

export function pickName({ migrations }: Case, pick: number): string {
  return migrations[pick % migrations.length]?.name ?? ''
}

export function pickLabel({ migrations }: Case, pick: number): string | undefined {
  const labels = migrations.flatMap((each) => each.labels)
  return labels[pick % labels.length]
}
