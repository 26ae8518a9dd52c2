import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';

interface Steps {
  buildSteps(): { id: string; output: string }[];
  isBuildInput(path: string): boolean;
}

const root = new URL('../../', import.meta.url);
const { buildSteps, isBuildInput } = (await import(new URL('host/start/steps.mjs', root).href)) as Steps;

describe('what is built', () => {
  it('is built again when a file changes that a plugin package holds', async () => {
    const step = buildSteps().find(({ id }) => id === 'plugins/prometheus');
    const reading = await readPackage(readFileSync(new URL(step?.output ?? '', root)));
    if (!reading.ok) throw new Error(JSON.stringify(reading));
    const sources = [...reading.package.files.keys()]
      .map((file) => `plugins/prometheus/${file}`)
      .filter((file) => existsSync(new URL(file, root)));
    expect(sources).toEqual(expect.arrayContaining(['plugins/prometheus/fixtures/firing.json']));
    expect(sources.filter((file) => !isBuildInput(file))).toEqual([]);
  });
});
