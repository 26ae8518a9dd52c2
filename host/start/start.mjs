import './node-version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './folders.mjs';
import { prepare } from './prepare.mjs';

const USAGE = `Usage: npm start [-- options]

Installs what is missing, builds what is stale, and starts Patchbay on one port of this machine.

Options
  --demo     play a few recorded alerts against stand-ins for outside services
  --dev      rebuild and restart when a source file changes (also: npm run dev)
  --help     show this text

Environment
  PORT                       port to listen on (default 3000)
  HOST                       address to listen on (default 127.0.0.1)
  PATCHBAY_DATA              folder for the embedded database and packages (default .patchbay)
  DATABASE_URL               use this Postgres instead of the embedded database
  PATCHBAY_BOOTSTRAP_TOKEN   an API token with owner rights, created at first start
`;

const known = new Set(['--demo', '--dev', '--help']);
const options = process.argv.slice(2);
const unknown = options.find((option) => !known.has(option));

if (unknown !== undefined) {
  process.stderr.write(`Unknown option: ${unknown}\n\n${USAGE}`);
  process.exit(2);
}
if (options.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const demo = options.includes('--demo');
// The host itself takes no options.
process.argv = process.argv.slice(0, 2);

if (!(await prepare())) process.exit(1);
if (demo) {
  const { prepareDemo } = await import('./demo.mjs');
  prepareDemo();
}

if (options.includes('--dev')) {
  const { startWithReload } = await import('./reload.mjs');
  await startWithReload([]);
} else {
  const main = join(ROOT, 'host', 'dist', 'main.mjs');
  if (!existsSync(main)) {
    process.stderr.write('host/dist/main.mjs is missing: the host was not built.\n');
    process.exit(1);
  }
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(main).href);
  if (demo) {
    const { playDemo } = await import('./demo.mjs');
    playDemo();
  }
}
