import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A hostile plugin is one file below `plugins/FAMILY/`. Its first comment says what it tries and what must come of it:
 *
 *   Tries: a sentence
 *   Must: error codes, any of which may end it; `done` when it may end well because it gained nothing
 *   Says: text that the outcome must contain (several times: each of them)
 *   Run: the export, with which input; `ingest` unless said
 *   Times: how often it runs one after the other, with the same outcome each time
 *   May: permissions as JSON     Sites: values of the setting `site`, one run for each
 *   World: `lab`, where loopback is an allowed network and `api.lab.example` a service; otherwise nothing is allowed
 *
 *   name.wat          fields of a module with every import of the ABI; or a whole module, from "(module" on
 *   name.module.js    makes the bytes of a module
 *   name.plugin.js    a plugin, to be compiled by the SDK
 *   name.manifest.js  a manifest
 *   name.escaped.js   code that got out of WebAssembly, run in a child process of the sandbox
 *   name.child.js     a child process that was taken over as a whole
 */
export interface HostilePlugin {
  family: string;
  name: string;
  kind: HostileKind;
  /** Absolute. */
  file: string;
  source: string;
  tries: string;
  must: string[];
  says: string[];
  run: 'ingest' | 'deliver';
  times: number;
  may: string | undefined;
  sites: string[];
  world: 'strict' | 'lab';
}

const kinds = {
  '.wat': 'text',
  '.module.js': 'bytes',
  '.plugin.js': 'plugin',
  '.manifest.js': 'manifest',
  '.escaped.js': 'escaped',
  '.child.js': 'child',
} as const;
export type HostileKind = (typeof kinds)[keyof typeof kinds];

/** Every hostile plugin, by family and name. @param folder absolute path of `test/hostile/plugins` */
export async function readHostilePlugins(folder: string): Promise<HostilePlugin[]> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((path) => path.includes('/') && /\.(js|wat)$/.test(path)).toSorted();
  return Promise.all(
    files.map(async (path) => parse(join(folder, path), path, await readFile(join(folder, path), 'utf8'))),
  );
}

function parse(file: string, path: string, source: string): HostilePlugin {
  const [family = '', base = ''] = path.split('/');
  const found = Object.entries(kinds).find(([ending]) => base.endsWith(ending));
  if (found === undefined) throw new Error(`${path}: no kind of hostile plugin ends so`);
  const [ending, kind] = found;
  const said = (field: string): string[] =>
    [...source.matchAll(new RegExp(`^(?://|;;) ${field}: (.+)$`, 'gm'))].map((match) => (match[1] ?? '').trim());
  const [tries] = said('Tries');
  const [must] = said('Must');
  if (tries === undefined || must === undefined)
    throw new Error(`${path} does not say what it tries and what must happen`);
  return {
    family,
    name: base.slice(0, -ending.length),
    kind,
    file,
    source,
    tries,
    must: must.split(/,\s*/),
    says: said('Says'),
    run: said('Run')[0] === 'deliver' ? 'deliver' : 'ingest',
    times: Number(said('Times')[0] ?? 1),
    may: said('May')[0],
    sites: (said('Sites')[0] ?? '').split(' ').filter((site) => site !== ''),
    world: said('World')[0] === 'lab' ? 'lab' : 'strict',
  };
}
