/** What a scan may do about the lock file. */
export interface LockUse {
  /**
   * - `build` a one-shot build: whatever is free is written
   * - `frozen` any difference is an error
   * - `follow` a development server, a watching build or a test run: nothing is written, and what installed packages newly
   *   bring is left out
   * - `review` the command `lock`: what installed packages bring is written too
   */
  readonly mode: 'build' | 'frozen' | 'follow' | 'review'
  /** Ids, and names of packages, whose changes are accepted. */
  readonly accept: readonly string[]
}
