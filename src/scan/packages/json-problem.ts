import type { Source } from '../../diagnostics/diagnostic.ts'
import { sourceAt, sourceOf } from '../report/report.ts'
import { LazySource } from './package-json.ts'

/** Where in a package.json that cannot be read the reason stands; the file as a whole where that is not known. */
export function jsonProblem(file: string, error: unknown): { readonly reason: string; readonly source: Source } {
  const reason = error instanceof Error ? error.message : String(error)
  if (!(error instanceof SyntaxError)) return { reason, source: sourceOf(file) }
  // Node says it in words only, and not always.
  const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? 0)
  return { reason, source: sourceAt(new LazySource(file), offset) }
}
