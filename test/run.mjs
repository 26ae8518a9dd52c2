import '../host/start/node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../host/start/folders.mjs';
import { prepare } from '../host/start/prepare.mjs';

const USAGE = `Usage: npm test [-- options] [paths]

Installs and builds what is stale, then runs every test, or those whose file path contains one of the given paths.
The servers that tests need (Postgres, a Chromium) come from npm; nothing has to be installed or started before.

Options are vitest's own: -t NAME runs the tests with that name, --project system only those of the whole system.
`;

const args = process.argv.slice(2);
if (args.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (!(await prepare())) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'patchbay-tests-'));
const countsFile = join(folder, 'counts.json');
const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', ...args], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, PATCHBAY_TEST_COUNTS: countsFile },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => child.once('close', resolve));

let counts;
try {
  counts = JSON.parse(readFileSync(countsFile, 'utf8'));
} catch {
  console.error('The tests ended before they could be counted.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (counts !== undefined) {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
}
process.exitCode = counts !== undefined && counts.failed === 0 && code === 0 ? 0 : 1;
