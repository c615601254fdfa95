import { isOptionalText } from '../../runtime/entry-shape.ts'
import type { Json } from '../../runtime/handles.ts'
import { damagedStage } from '../disk/stage.ts'
import { checkPath } from './path.ts'

/** One change of one path. Hashes are SHA-256 of the content in hex; `null` is absence. */
export type RedoItem = {
  readonly path: string
  /** What the migration saw. */
  readonly old: string | null
  readonly next: string | null
  /** Name of the file in the attempt's folder that holds the content `next`. */
  readonly staged: string | null
}

/** @throws MigrationError `MIG_R0236` when it is no list of redo items, `MIG_R0232` when a path leaves the root */
export function redoItems(value: unknown): readonly RedoItem[] {
  if (Array.isArray(value) && value.every(isItem)) {
    for (const { path } of value) checkPath(path)
    return value
  }
  throw damagedStage('the redo list has another shape')
}

function isItem(value: Json): value is RedoItem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { path, old, next, staged } = value as Readonly<Record<string, Json>>
  return (
    typeof path === 'string' &&
    isOptionalText(old) &&
    isOptionalText(next) &&
    (next === null ? staged === null : typeof staged === 'string' && /^\d+$/.test(staged))
  )
}
