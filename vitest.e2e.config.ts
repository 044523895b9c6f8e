import { defineConfig } from 'vitest/config'

/** Journeys in a real browser on the built application: one after another, so that they do not take each other's processor. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    globalSetup: ['test/global-setup.ts'],
    // Only a failure takes so long: a page may take its time where the machine has other things to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second try where nobody watches; the report names who needed it.
    retry: process.env.CI ? 1 : 0,
    expect: { poll: { timeout: 15_000 } },
  },
})
