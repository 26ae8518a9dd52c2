import { defineConfig } from 'vitest/config';

// Two groups, one after the other: the browser tests start whole hosts and a Chromium and would starve the others.
const shared = {
  exclude: ['**/node_modules/**', '**/dist/**'],
  testTimeout: 30_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: ['test/support/run-services.ts'],
    reporters: ['default', './test/support/count-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'code',
          include: ['{plugin-sdk,registry,host,plugins,marketplace-ui,test}/**/*.test.{ts,tsx}'],
          exclude: [...shared.exclude, 'test/browser/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
