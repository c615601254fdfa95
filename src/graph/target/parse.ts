/** One way to read a target. */
export type Reading =
  | { readonly kind: 'heads' }
  | { readonly kind: 'base' }
  /** Steps from where the storages are now. */
  | { readonly kind: 'steps'; readonly steps: number }
  /** `<package>@head`, `<label>@base`, `<package>@+1`, … */
  | { readonly kind: 'branch'; readonly name: string; readonly to: 'head' | 'base' | number }
  /** An id, a prefix or a package; with `steps` from there. */
  | { readonly kind: 'name'; readonly name: string; readonly steps: number }

/**
 * All ways to read a target, at least one. There are two where a name ends like a step: `2024-1` may begin the name of a
 * migration, or stand one step below one that begins with `2024`.
 */
export function readTarget(text: string): readonly Reading[] {
  if (text === 'heads' || text === 'base') return [{ kind: text }]
  if (/^[+-]\d+$/.test(text)) return [{ kind: 'steps', steps: Number(text) }]
  const branch = /^(.+)@(head|base|[+-]\d+)$/.exec(text)
  if (branch) {
    const [, name = '', to = ''] = branch
    return [{ kind: 'branch', name, to: to === 'head' || to === 'base' ? to : Number(to) }]
  }
  const whole: Reading = { kind: 'name', name: text, steps: 0 }
  const [, name = '', steps = ''] = /^(.+?)([+-]\d+)$/.exec(text) ?? []
  return name === '' ? [whole] : [whole, { kind: 'name', name, steps: Number(steps) }]
}
