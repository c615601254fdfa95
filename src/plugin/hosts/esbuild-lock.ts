import type { PluginBuild } from 'esbuild'
import type { Project } from '../project.ts'

/**
 * esbuild does not tell its plugins whether it watches. So the lock file is written when it has ended, and only if it
 * built once; a script that leaves the process behind its build has ended too.
 */
export function writeLockAtTheEnd(build: PluginBuild, project: Project): void {
  let builds = 0
  const write = (): void => {
    process.off('exit', write)
    if (builds === 1) project.writeLock()
  }
  project.writesLock('later')
  build.onStart(() => {
    builds++
    if (builds === 1) process.once('exit', write)
    else process.off('exit', write)
  })
  // Not in versions before 0.17.14: there the process has to end.
  const { onDispose } = build as Partial<PluginBuild>
  onDispose?.(write)
}
