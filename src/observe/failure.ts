/** What a `MigrationError` says beside its message. By structure: a sink is bundled without the runtime's code. */
export interface Failure {
  readonly id: string | undefined
  readonly target: string | undefined
  /** What happened, without the id, the target and the directions that the message has too. */
  readonly text: string | undefined
  /** How many migrations. */
  readonly applied: number
  readonly notApplied: number
}

/** Of an error of ours, and of any other. */
export function failureOf(error: unknown): Failure {
  // Not by its getters: a driver's may throw.
  const valueOf = (field: string): unknown =>
    error instanceof Error ? Object.getOwnPropertyDescriptor(error, field)?.value : undefined
  const text = (field: string): string | undefined => {
    const value = valueOf(field)
    return typeof value === 'string' ? value : undefined
  }
  const count = (field: string): number => {
    const value = valueOf(field)
    return Array.isArray(value) ? value.length : 0
  }
  return {
    id: text('id'),
    target: text('target'),
    text: text('text'),
    applied: count('applied'),
    notApplied: count('notApplied'),
  }
}
