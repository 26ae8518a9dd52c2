import type { HostilePlugin } from './hostile-plugin.ts';
import { notByUrl } from './remote-reach.ts';

export interface HostileResult {
  plugin: HostilePlugin;
  /** Empty when the sandbox held. */
  wrong: string[];
}

/** docs/reference/hostile.md: what each plugin tried in the last run and what came of it. */
export function resultsPage(results: readonly HostileResult[]): string {
  const held = results.filter(({ wrong }) => wrong.length === 0).length;
  const reachable = results.filter(({ plugin }) => notByUrl(plugin) === undefined).length;
  const families = [...new Set(results.map(({ plugin }) => plugin.family))];
  const tables = families.map((family) => {
    const rows = results
      .filter(({ plugin }) => plugin.family === family)
      .map(({ plugin, wrong }) => {
        const { name, tries, must } = plugin;
        const expected = must.map((code) => `\`${code}\``).join(' or ');
        return `| \`${name}\` | ${tries.replaceAll('|', '\\|')} | ${expected} | ${wrong.length === 0 ? 'held' : '**did not hold**'}${notByUrl(plugin) === undefined ? '' : ' (here only)'} |`;
      });
    return `## ${family}\n\n| Plugin | What it tries | What must come of it | Result |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Hostile plugins

Each of these ${results.length} plugins tries to hurt the host, other plugins or their data, or to get out of the sandbox. All run against
one sandbox, and after each of them plugins of three groups must get their own answers, no forbidden service may have been
reached, and the secret in the host's keeping must be nowhere to be seen. ${held} of ${results.length} held in the last run.

\`npm run -s patchbay-hostile\` runs them all here and prints the table; \`npm run -s patchbay-hostile -- loops memory/by-strings\`
those whose name begins so. This page is written by the run; the test \`test/hostile/hostile.test.ts\` compares the two. A new one is
one more file in \`test/hostile/plugins/\`; \`done\` means that it may end well, because it has gained nothing.

## Against a host that runs somewhere

\`npm run -s patchbay-hostile -- --url URL --token TOKEN [--json]\` makes the attacks on a running host, by its API and nothing else.
The token is an owner's who is also an admin of the host's registry (such as the one that the host was started with). What takes
requests is uploaded with a fixture, so that the host's own checks run it; what delivers is uploaded, approved by two reviewers
who are made for it, installed for one address after the other, and told of an incident. Each must be refused, or end as the
table says or at the CPU time of a run; after each of them an innocent integration must still be served. What asks for a service
that is not there must be refused before anything is sent. ${reachable} of the ${results.length} can be made so; what needs a sandbox process
in hand, or an answer of the attacker's own service, is skipped and said to be: the rows that say "here only". The installations,
the integration and the reviewers are removed at the end; the registry remembers what was uploaded.
\`test/hostile/running-host.test.ts\` does this with some of every kind.

${tables.join('\n')}`;
}
