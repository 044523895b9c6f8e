import { defineConfig } from 'vitest/config'

/** Journeys in a real browser on the built application: one after another, so that they do not take each other's processor. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
