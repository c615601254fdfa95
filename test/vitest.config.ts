import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './longest-first.ts'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Much of their time they wait for processes, servers and disks.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // Tests of the lock file say where they are in CI; for all others it would be frozen, and none is there.
    env: { CI: '', GITHUB_ACTIONS: '', GITLAB_CI: '' },
    sequence: { sequencer: LongestFirst },
    // Tests build bundles, install packages and kill processes: on a small machine that takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
