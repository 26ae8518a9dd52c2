import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Writes how many tests passed, failed and were skipped to the file named in `PATCHBAY_TEST_COUNTS`, as JSON. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['PATCHBAY_TEST_COUNTS'];
    if (file === undefined) return;
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
      }
      // A file or a hook that throws has failed, although no test of it has.
      const suites = [...module.children.allSuites()];
      counts.failed += [module, ...suites].filter((part) => part.errors().length > 0).length;
    }
    counts.failed += unhandledErrors.length;
    writeFileSync(file, JSON.stringify(counts));
  }
}
