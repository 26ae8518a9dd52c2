import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hostAt } from '../support/host-process.ts';
import { ROOT } from './root.ts';
import { Target } from './attack.ts';
import { readHostilePlugins, type HostilePlugin } from './hostile-plugin.ts';
import { openLaboratory } from './laboratory.ts';
import { RemoteTarget, type RemoteOutcome } from './remote-target.ts';
import { resultsPage } from './results-page.ts';

const USAGE = `Usage: npm run -s patchbay-hostile [-- options] [FAMILY[/NAME] ...]

Lets the hostile plugins at a sandbox on this machine, or at a host that runs somewhere; of all, those whose name begins so.

  --url URL       a running host, attacked through its API: it gets packages, installations and alerts
  --token TOKEN   an API token of an owner there who is an admin of its registry (default: PATCHBAY_TOKEN)
  --json          the results as JSON
  --write         writes docs/reference/hostile.md (not with --url)

It ends with 0 when everything held, with 1 when something did not, with 2 when it was called wrongly.
`;

interface Attacked {
  attack(plugin: HostilePlugin): Promise<RemoteOutcome>;
  close(): Promise<void>;
}

async function main(): Promise<number> {
  const { values: options, positionals: wanted } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      token: { type: 'string', default: process.env.PATCHBAY_TOKEN ?? '' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { url, token, json } = options;
  if (url !== undefined && (token === '' || options.write)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const all = await readHostilePlugins(join(ROOT, 'test/hostile/plugins'));
  const plugins = all.filter(
    ({ family, name }) => wanted.length === 0 || wanted.some((word) => `${family}/${name}`.startsWith(word)),
  );
  const target = url === undefined ? await here() : await RemoteTarget.open(hostAt(url.replace(/\/+$/, ''), token));
  const results: { plugin: HostilePlugin; outcome: RemoteOutcome }[] = [];
  try {
    for (const plugin of plugins) {
      const startedAt = performance.now();
      const outcome = await target.attack(plugin);
      results.push({ plugin, outcome });
      if (!json) process.stdout.write(lineOf(plugin, outcome, performance.now() - startedAt));
    }
  } finally {
    await target.close();
  }
  const count = (verdict: string) => results.filter(({ outcome }) => verdictOf(outcome) === verdict).length;
  const counts = { held: count('held'), failed: count('FAILED'), skipped: count('skipped') };
  if (json) process.stdout.write(`${JSON.stringify({ ...counts, results: results.map(shown) }, null, 2)}\n`);
  else
    process.stdout.write(
      `\n${counts.held} held, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''} ` +
        `(${url ?? `Node ${process.versions.node}, ${process.platform}`})\n`,
    );
  if (options.write) {
    const page = results.map(({ plugin, outcome }) => ({ plugin, wrong: 'wrong' in outcome ? outcome.wrong : [] }));
    await writeFile(join(ROOT, 'docs/reference/hostile.md'), resultsPage(page));
  }
  return counts.failed === 0 && counts.held > 0 ? 0 : 1;
}

/** A sandbox on this machine, and what lies around it. */
async function here(): Promise<Attacked> {
  const lab = await openLaboratory();
  const target = new Target(lab);
  return {
    attack: async (plugin) => ({ wrong: await target.attack(plugin) }),
    async close() {
      await target.close();
      await lab.close();
    },
  };
}

function verdictOf(outcome: RemoteOutcome): 'held' | 'FAILED' | 'skipped' {
  if ('skipped' in outcome) return 'skipped';
  return outcome.wrong.length === 0 ? 'held' : 'FAILED';
}

function lineOf(plugin: HostilePlugin, outcome: RemoteOutcome, tookMs: number): string {
  const took = `${Math.round(tookMs)} ms`.padStart(8);
  const name = `${plugin.family}/${plugin.name}`.padEnd(44);
  const line = `${verdictOf(outcome).padEnd(7)} ${took}  ${name} ${plugin.tries}\n`;
  const why = 'skipped' in outcome ? [outcome.skipped] : outcome.wrong;
  return line + why.map((what) => `                   ${what}\n`).join('');
}

function shown({ plugin: { family, name, tries }, outcome }: { plugin: HostilePlugin; outcome: RemoteOutcome }) {
  return { name: `${family}/${name}`, tries, verdict: verdictOf(outcome).toLowerCase(), ...outcome };
}

process.exitCode = await main();
