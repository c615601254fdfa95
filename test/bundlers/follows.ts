/**
 * Makes a change that somebody watches. A watcher puts its watches up after it has said that a build or a server is
 * ready, and says nothing when they are: what changes before then is lost to every plugin (Rollup 4.67 with a plugin that
 * only watches a folder lost one of 80), and a person saves again.
 *
 * @param seen resolves when the change was followed, rejects after a time in milliseconds
 */
export async function follows(change: () => void, seen: (timeout: number) => Promise<void>): Promise<void> {
  for (const last of [false, false, true]) {
    change()
    const error: unknown = await seen(last ? 30_000 : 4_000).then(
      () => undefined,
      (cause: unknown) => cause,
    )
    if (error === undefined) return
    if (last) throw error
  }
}
