import './node-version.mjs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleOptions } from './bundle.mjs';
import { ROOT } from './folders.mjs';
import { prepare } from './prepare.mjs';

// Node 20 does not run TypeScript: a program of this workspace that is not shipped is bundled next to itself and run.
const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) {
  process.stderr.write('Usage: node host/start/run-typescript.mjs FILE.ts [arguments]\n');
  process.exit(2);
}
if (!(await prepare({ stream: process.stderr }))) process.exit(1);

const outfile = `${dirname(entry)}/dist/${basename(entry, '.ts')}.mjs`;
const { build } = await import('esbuild');
await build({ ...bundleOptions(entry, outfile), logLevel: 'warning' });

process.argv = [process.argv[0], join(ROOT, outfile), ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(ROOT, outfile)).href);
