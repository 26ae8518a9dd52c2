import './node-version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './folders.mjs';
import { prepare } from './prepare.mjs';

// Standard output belongs to the command: whoever pipes it must get the outcome and nothing else.
if (!(await prepare({ stream: process.stderr, only: ['sdk', 'cli'] }))) process.exit(1);

const cli = join(ROOT, 'plugin-sdk', 'dist', 'cli.mjs');
if (!existsSync(cli)) {
  process.stderr.write('plugin-sdk/dist/cli.mjs is missing: the command line was not built.\n');
  process.exit(1);
}
// The folder from which npm was called, so that relative paths mean what the person who typed them means.
if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
process.argv[1] = cli;
process.setSourceMapsEnabled(true);
await import(pathToFileURL(cli).href);
