import type { Run } from '../run.ts'

/**
 * What comes after the work, and would be done by the next run as well: it fails no run, and hides no failure of one.
 * Whoever listens is told.
 */
export async function tidy(run: Run, target: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    void run.emit({ type: 'untidied', target, error })
  }
}
