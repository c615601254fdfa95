import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Tests build bundles, install packages and kill processes: on a small machine that takes its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
