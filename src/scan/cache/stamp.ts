import { statSync } from 'node:fs'

/** What changes with a file, whatever tool writes it: some set the time of the last change back, none that of the inode. */
export interface Stamp {
  readonly text: string
  /** When it last changed, in milliseconds. */
  readonly changed: number
}

/** @returns `undefined` where nothing is there */
export function stampOf(file: string): Stamp | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) return undefined
  const { size, mtimeMs, ctimeMs, ino } = stats
  return { text: `${size} ${mtimeMs} ${ctimeMs} ${ino}`, changed: Math.max(mtimeMs, ctimeMs) }
}

/** Longer than the coarsest clock of a file system ticks: within one tick a file may change again, unseen. */
const TICK_MS = 2_000

/** Whether what was read of a file by a scan that began then is what the stamp stands for. */
export function isSettled({ changed }: Stamp, began: number): boolean {
  return changed < began - TICK_MS
}
