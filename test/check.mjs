import '../host/start/node-version.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../host/start/folders.mjs';
import { prepare } from '../host/start/prepare.mjs';

/** What is checked without running it, each with the command that repairs or explains it. */
const CHECKS = [
  {
    title: 'Format',
    bin: 'prettier',
    args: ['--check', '--cache', '--cache-strategy', 'content', '.'],
    remedy: 'npm run format',
  },
  {
    title: 'Lint, and the arrows between packages',
    bin: 'oxlint',
    args: ['--deny-warnings', '.'],
    remedy: 'npx oxlint --fix',
  },
  { title: 'Types: SDK, registry, host, tests', bin: 'tsc', args: ['-p', 'tsconfig.node.json'] },
  { title: 'Types: guest code and plugins', bin: 'tsc', args: ['-p', 'tsconfig.guest.json'] },
  { title: 'Types: marketplace UI', bin: 'tsc', args: ['-p', 'marketplace-ui'] },
  { title: 'Types: stand-in for its host', bin: 'tsc', args: ['-p', 'marketplace-ui/dev', '--noEmit'] },
  { title: 'Dead code and dependencies', bin: 'knip', args: ['--no-progress'] },
];
const AT_ONCE = 2;

// Types and lint look into the packages and need nothing that is built.
if (!(await prepare({ only: [] }))) process.exit(1);

const waiting = [...CHECKS];
const results = new Map();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      results.set(check, await run(check));
      show();
    }
  }),
);

const failed = CHECKS.filter((check) => results.get(check).code !== 0);
console.log(failed.length === 0 ? 'All checks passed.' : `${failed.length} of ${CHECKS.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;

// In the order of the list, whichever ends first.
function show() {
  for (const check of CHECKS) {
    const result = results.get(check);
    if (result === undefined) return;
    if (result.shown) continue;
    result.shown = true;
    const passed = result.code === 0;
    console.log(`${passed ? 'ok    ' : 'FAILED'}  ${check.title} … ${result.seconds} s`);
    if (passed) continue;
    console.log(result.output.trimEnd());
    if (check.remedy !== undefined) console.log(`To repair: ${check.remedy}`);
    console.log();
  }
}

function run(check) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules', '.bin', check.bin), check.args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const chunks = [];
    const end = (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      resolve({ code, seconds, output: Buffer.concat(chunks).toString('utf8'), shown: false });
    };
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => {
      chunks.push(Buffer.from(String(error)));
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}
