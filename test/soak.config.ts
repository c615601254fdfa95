import { defineConfig } from 'vitest/config'

/** What takes too long for every change: whole matrices, deep searches, many processes. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.soak.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    // Each takes all that the machine has.
    fileParallelism: false,
  },
})
