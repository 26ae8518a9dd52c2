import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventPayloadSchema } from '@patchbay/plugin-sdk/contract/event-payload';
import { runIngest } from './plugin-run.ts';

interface Webhook {
  name: string;
  examples: unknown[];
}

/** GitHub's own examples, of the public site and of its servers: https://github.com/octokit/webhooks */
const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@octokit/webhooks-examples/package.json'));
const sites = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
const examplesOf = (site: string) => require(join(folder, site, 'index.json')) as Webhook[];

/** Kinds of webhooks that tell of problems: their examples give events, or a reason that speaks of a state. */
const aboutProblems = new Set(['check_run', 'workflow_run', 'workflow_job', 'dependabot_alert', 'code_scanning_alert']);

describe.each(sites)('the examples that GitHub publishes for %s', (site) => {
  it.each(examplesOf(site).map(({ name, examples }) => [name, examples] as const))(
    '%s: events, or a stated reason why there is none',
    async (name, examples) => {
      for (const [index, json] of examples.entries()) {
        const outcome = await runIngest('github', { headers: { 'X-GitHub-Event': name }, json });
        const which = `${name}, example ${index + 1}`;
        if (outcome.outcome === 'ignored') expect(outcome.reason, which).toMatch(/\S+ \S+/);
        else if (outcome.outcome === 'events')
          for (const event of outcome.events) expect(eventPayloadSchema.safeParse(event).success, which).toBe(true);
        else throw new Error(`${which}: ${JSON.stringify(outcome).slice(0, 500)}`);
      }
    },
  );
});

it('takes events out of the examples that tell of problems, with keys that differ between repositories', async () => {
  const taken = new Map<string, string[]>();
  for (const { name, examples } of examplesOf('api.github.com'))
    for (const json of examples) {
      const outcome = await runIngest('github', { headers: { 'X-GitHub-Event': name }, json });
      if (outcome.outcome !== 'events') continue;
      const { repository } = json as { repository?: { full_name?: string } };
      for (const { dedup_key } of outcome.events) {
        taken.set(name, [...(taken.get(name) ?? []), dedup_key]);
        if (repository?.full_name !== undefined)
          expect(dedup_key.toLowerCase()).toContain(repository.full_name.toLowerCase());
      }
    }
  for (const name of aboutProblems) expect(taken.get(name)?.length ?? 0, name).toBeGreaterThan(0);
});
