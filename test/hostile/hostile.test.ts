import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Target } from './attack.ts';
import { readHostilePlugins } from './hostile-plugin.ts';
import { openLaboratory, type Laboratory } from './laboratory.ts';
import { resultsPage, type HostileResult } from './results-page.ts';
import { ROOT } from './root.ts';

const plugins = await readHostilePlugins(join(ROOT, 'test/hostile/plugins'));

describe('the sandbox', () => {
  let lab: Laboratory;
  let target: Target;
  const results: HostileResult[] = [];

  beforeAll(async () => {
    lab = await openLaboratory();
    target = new Target(lab);
  });
  afterAll(async () => {
    await target?.close();
    await lab?.close();
  });

  it.each(plugins.map((plugin) => ({ ...plugin, title: `${plugin.family}/${plugin.name}` })))(
    'holds $title',
    async (plugin) => {
      const wrong = await target.attack(plugin);
      results.push({ plugin, wrong });
      expect(wrong).toEqual([]);
    },
  );

  it('is published with what came of each', async () => {
    expect(plugins.length).toBeGreaterThanOrEqual(60);
    await expect(resultsPage(results)).toMatchFileSnapshot(join(ROOT, 'docs/reference/hostile.md'));
  });
});
