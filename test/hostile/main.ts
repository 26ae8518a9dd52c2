import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './root.ts';
import { Target } from './attack.ts';
import { readHostilePlugins } from './hostile-plugin.ts';
import { openLaboratory } from './laboratory.ts';
import { resultsPage, type HostileResult } from './results-page.ts';

/** `npm run -s patchbay-hostile [-- FAMILY[/NAME] ... | --write]`: lets the hostile plugins at a sandbox on this machine. */
async function main(parameters: readonly string[]): Promise<void> {
  const wanted = parameters.filter((parameter) => !parameter.startsWith('--'));
  const unknown = parameters.filter((parameter) => parameter.startsWith('--') && parameter !== '--write');
  if (unknown.length > 0) throw new Error(`There is no option ${unknown.join(' ')}; there is --write`);
  const all = await readHostilePlugins(join(ROOT, 'test/hostile/plugins'));
  const plugins = all.filter(
    ({ family, name }) => wanted.length === 0 || wanted.some((word) => `${family}/${name}`.startsWith(word)),
  );
  const lab = await openLaboratory();
  const target = new Target(lab);
  const results: HostileResult[] = [];
  try {
    for (const plugin of plugins) {
      const startedAt = performance.now();
      const wrong = await target.attack(plugin);
      results.push({ plugin, wrong });
      const took = `${Math.round(performance.now() - startedAt)} ms`.padStart(8);
      const verdict = wrong.length === 0 ? 'held  ' : 'FAILED';
      process.stdout.write(`${verdict} ${took}  ${`${plugin.family}/${plugin.name}`.padEnd(44)} ${plugin.tries}\n`);
      for (const what of wrong) process.stdout.write(`                   ${what}\n`);
    }
  } finally {
    await target.close();
    await lab.close();
  }
  const failed = results.filter(({ wrong }) => wrong.length > 0).length;
  process.stdout.write(
    `\n${results.length - failed} held, ${failed} failed (Node ${process.versions.node}, ${process.platform})\n`,
  );
  if (parameters.includes('--write')) await writeFile(join(ROOT, 'docs/reference/hostile.md'), resultsPage(results));
  process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
}

await main(process.argv.slice(2));
