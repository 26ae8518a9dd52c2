import { afterAll } from 'vitest';
import type { CheckTools } from '@patchbay/plugin-sdk/checks/check-package';
import { keepCompilers } from '@patchbay/plugin-sdk/checks/reproduce-in-child';
import { sandboxFixtureTools } from '@patchbay/plugin-sdk/checks/sandbox-fixture-tools';

/** The registry's own tools, with compilers that are kept for all packages of a file, as a first start keeps them. */
export function keptCheckTools(): CheckTools {
  const compilers = keepCompilers();
  afterAll(() => compilers.close());
  return { ...sandboxFixtureTools(), reproduce: compilers.reproduce };
}
