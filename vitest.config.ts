import { defineConfig } from 'vitest/config';

// Two groups, one after the other, so that the quick tests of a package are answered before whole systems start.
export default defineConfig({
  test: {
    globalSetup: ['test/support/run-services.ts'],
    reporters: ['default', './test/support/count-reporter.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['{plugin-sdk,registry,host,plugins,marketplace-ui}/**/*.test.{ts,tsx}', 'test/support/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Files of one worker share what they import, which is a third of their time. They leave nothing behind in it.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', 'test/support/**'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
