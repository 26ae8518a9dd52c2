import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closePluginRuns } from '../testing/plugin-sandbox.ts';
import { initPlugin } from '../package/init-plugin.ts';
import { sha256 } from '../package/digest.ts';
import { packPlugin } from '../package/pack-plugin.ts';
import { readPackage } from '../package/read-package.ts';
import { writeArchive } from '../package/write-archive.ts';
import { checkPackage, type CheckTools } from './check-package.ts';
import { requiredChecks } from './check-result.ts';
import { nothingKnown, type KnownCatalogue } from './known-catalogue.ts';
import { reproduceInChild } from './reproduce-in-child.ts';
import { sandboxFixtureTools } from './sandbox-fixture-tools.ts';
import { svgViolation } from './svg-rules.ts';

const tools: CheckTools = { ...sandboxFixtureTools(), reproduce: reproduceInChild };
let folder: string;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-checks-'));
  await initPlugin(join(folder, 'probe'), 'acme/probe', 'ingest');
  const packed = await packPlugin(join(folder, 'probe'));
  if (!packed.ok) throw new Error(packed.message);
  files = packed.files;
});
afterAll(async () => {
  await closePluginRuns();
  await rm(folder, { recursive: true, force: true });
});

/** The checks that do not pass when these files are put in place of the good ones. */
async function problemsWith(
  changes: Record<string, string | Uint8Array | undefined>,
  used: CheckTools = tools,
  known: KnownCatalogue = nothingKnown,
) {
  const changed = new Map(files);
  for (const [path, content] of Object.entries(changes))
    if (content === undefined) changed.delete(path);
    else changed.set(path, Buffer.from(content));
  const { results } = await checkPackage(await writeArchive(changed), used, known);
  return results
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ name, outcome, findings }) => [name, outcome, ...findings.map(({ rule, place }) => `${rule} ${place}`)]);
}
const manifestWith = (change: object) =>
  JSON.stringify({ ...JSON.parse(Buffer.from(files.get('plugin.json')!).toString()), ...change });

describe('the checks', () => {
  it('all pass for a plugin made from the template', async () => {
    const { results } = await checkPackage(await writeArchive(files), tools, nothingKnown);
    expect(results.map(({ name, outcome }) => [name, outcome])).toEqual(requiredChecks.map((name) => [name, 'passed']));
  });

  it('that compare with what a registry knows are not made, and not passed, where nothing is known', async () => {
    const { results } = await checkPackage(await writeArchive(files), tools);
    const made = results.map(({ name }) => name);
    expect(requiredChecks.filter((name) => !made.includes(name))).toEqual(['name', 'known-bad', 'difference']);
  });

  it('find a credential, without repeating it', async () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const changed = new Map(files).set('README.md', Buffer.from(`# Probe\n\nUse ${token}.\n`));
    const { results } = await checkPackage(await writeArchive(changed), tools);
    const secrets = results.find(({ name }) => name === 'secrets');
    expect(secrets).toMatchObject({
      outcome: 'failed',
      findings: [{ rule: 'secrets.github-token', place: 'README.md:3:5' }],
    });
    expect(JSON.stringify(results)).not.toContain(token);
  });

  it('find text that does not show what it holds', async () => {
    expect(await problemsWith({ 'README.md': 'if admin \u202e} else {' })).toEqual([
      ['text', 'failed', 'text.invisible README.md:1:10'],
    ]);
    expect(await problemsWith({ 'README.md': 'a\u200db' })).toEqual([
      ['text', 'failed', 'text.invisible README.md:1:2'],
    ]);
    expect(await problemsWith({ 'README.md': Buffer.from([0xff, 0xfe]) })).toEqual([
      ['text', 'failed', 'text.encoding README.md'],
    ]);
    expect(await problemsWith({ 'README.md': 'Wörter, 漢字 and 👩\u200d💻\n' })).toEqual([]);
    expect(await problemsWith({ 'README.md': '[x](javascript:go())' })).toEqual([
      ['readme', 'failed', 'readme.active README.md:1:3'],
    ]);
  });

  it('find a fixture that gives something else, or is none', async () => {
    const fixture = { description: 'x', request: { body: {} }, expected: { outcome: 'events' } };
    expect(await problemsWith({ 'fixtures/firing.json': JSON.stringify(fixture) })).toEqual([
      ['fixtures', 'failed', 'fixtures.different fixtures/firing.json'],
    ]);
    expect(await problemsWith({ 'fixtures/firing.json': '{}' })).toEqual([
      ['fixtures', 'failed', 'fixtures.format fixtures/firing.json'],
    ]);
    const none = Object.fromEntries(
      [...files.keys()].filter((path) => path.startsWith('fixtures/')).map((path) => [path, undefined]),
    );
    expect(await problemsWith(none)).toEqual([['fixtures', 'failed', 'fixtures.missing plugin.json']]);
  });

  it('find a module that the sources do not give', async () => {
    const module = Buffer.from(files.get('module.wasm')!);
    // Text of the frozen memory: the module stays valid and says something else.
    const at =
      module.indexOf('not-an-alert') === -1 ? module.indexOf('Expected {alert') : module.indexOf('not-an-alert');
    expect(at).toBeGreaterThan(0);
    module.write('X', at);
    expect(await problemsWith({ 'module.wasm': module })).toEqual([
      ['reproduction', 'failed', 'reproduction.different module.wasm'],
    ]);
  });

  it('find a module that can do more than the manifest declares', async () => {
    await initPlugin(join(folder, 'loud'), 'acme/loud', 'connector');
    const loud = await packPlugin(join(folder, 'loud'));
    if (!loud.ok) throw new Error(loud.message);
    expect(await problemsWith({ 'module.wasm': loud.files.get('module.wasm') })).toEqual(
      expect.arrayContaining([
        ['imports', 'failed', 'module.permissions module.wasm: import 8'],
        ['module', 'failed', 'module.exports module.wasm: exports'],
      ]),
    );
  });

  it('find a host API that is not this one', async () => {
    expect(await problemsWith({ 'plugin.json': manifestWith({ hostApi: '^9.0.0' }) })).toEqual(
      expect.arrayContaining([['host-api', 'failed', 'host-api.range plugin.json', 'host-api.section module.wasm']]),
    );
  });

  it('end at an archive or a manifest that cannot be read', async () => {
    expect(await problemsWith({ 'icon.svg': undefined })).toEqual([
      ['archive', 'failed', 'archive.missing-file icon.svg'],
    ]);
    expect(await problemsWith({ 'plugin.json': manifestWith({ version: 'one' }) })).toEqual([
      ['manifest', 'failed', 'manifest.schema plugin.json: version'],
    ]);
  });

  it('that cannot be carried out are errors and not passes', async () => {
    const broken: CheckTools = {
      runIngest: () => Promise.reject(new Error('no sandbox')),
      runDeliver: () => Promise.reject(new Error('no sandbox')),
      reproduce: () => Promise.reject(new Error('no compiler')),
    };
    expect(await problemsWith({}, broken)).toEqual([
      ['fixtures', 'errored'],
      ['reproduction', 'errored'],
    ]);
    expect(await problemsWith({}, {} as CheckTools)).toEqual([
      ['fixtures', 'errored'],
      ['reproduction', 'errored'],
    ]);
  });
});

describe('what is known already', () => {
  const quick: CheckTools = {
    runIngest: () => Promise.reject(new Error('not here')),
    runDeliver: () => Promise.reject(new Error('not here')),
    reproduce: () => Promise.reject(new Error('not here')),
  };
  const about = async (changes: Record<string, string | undefined>, known: Partial<KnownCatalogue>) =>
    (await problemsWith(changes, quick, { ...nothingKnown, ...known })).filter(([, outcome]) => outcome !== 'errored');
  const popular = (...ids: string[]) => ({
    popular: () => Promise.resolve(ids.map((id) => ({ id, name: 'Something else' }))),
  });

  it('an id that is hard to tell from one that many have is refused', async () => {
    const refused = [['name', 'failed', 'name.similar plugin.json: id']];
    expect(await about({}, popular('acne/probe'))).toEqual(refused);
    expect(await about({}, popular('ac-me/pro-be'))).toEqual(refused);
    expect(await about({}, popular('acme0/probe'))).toEqual(refused);
    expect(await about({}, popular('acme/prob', 'other/probe', 'patchbay/probe', 'globex/prometheus'))).toEqual([]);
  });

  it('a name that people know from another plugin is said', async () => {
    const { results } = await checkPackage(await writeArchive(files), quick, {
      ...nothingKnown,
      popular: () => Promise.resolve([{ id: 'other/thing', name: 'PROBE' }]),
    });
    expect(results.find(({ name }) => name === 'name')).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'name.taken', level: 'warning' }],
    });
  });

  it('a licence that nobody can read is refused', async () => {
    const licence = (text: string) => about({ 'plugin.json': manifestWith({ licence: text }) }, {});
    expect(await licence('All rights reserved, see below')).toEqual([
      ['licence', 'failed', 'licence.expression plugin.json: licence'],
    ]);
    expect(await licence('LicenseRef-Acme')).toEqual([['licence', 'failed', 'licence.text LICENSE']]);
    expect(await licence('(MIT OR Apache-2.0)')).toEqual([]);
    expect(await licence('GPL-2.0-or-later WITH Classpath-exception-2.0')).toEqual([]);
    expect(
      await about({ 'plugin.json': manifestWith({ licence: 'LicenseRef-Acme' }), LICENSE: 'Do as you like.' }, {}),
    ).toEqual([]);
  });

  it('a file that was found to be bad is named, also where two have the same bytes', async () => {
    const text = 'the same';
    const digest = sha256(text);
    const badDigests = (digests: readonly string[]) =>
      Promise.resolve(new Map(digests.filter((one) => one === digest).map((one) => [one, 'a backdoor'])));
    expect(await about({ 'README.md': text, LICENSE: text }, { badDigests })).toEqual([
      ['known-bad', 'failed', expect.stringMatching(/LICENSE$/), expect.stringMatching(/README\.md$/)],
    ]);
  });

  it('what the version before did not have is a warning', async () => {
    await initPlugin(join(folder, 'grown'), 'acme/probe', 'connector');
    const grown = await packPlugin(join(folder, 'grown'));
    if (!grown.ok) throw new Error(grown.message);
    const before = await readPackage(await writeArchive(files));
    if (!before.ok) throw new Error(before.message);
    const { results } = await checkPackage(grown.bytes, quick, {
      ...nothingKnown,
      lastPublished: () => Promise.resolve(before.package),
    });
    const difference = results.find(({ name }) => name === 'difference');
    expect(difference?.outcome).toBe('passed');
    expect(difference?.findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['difference.permission', 'difference.import']),
    );
  });

  it('that cannot be asked is an error and not a pass', async () => {
    const away = () => Promise.reject(new Error('no database'));
    const found = await problemsWith({}, tools, { popular: away, badDigests: away, lastPublished: away });
    expect(found.map(([name, outcome]) => [name, outcome])).toEqual([
      ['name', 'errored'],
      ['known-bad', 'errored'],
      ['difference', 'errored'],
    ]);
  });
});

describe('an icon', () => {
  const svg = (inside: string, attributes = '') =>
    `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`;

  it.each([
    svg('<path d="M0 0h8v8z" fill="#64748b"/>'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n${svg('<title>A &amp; B</title><g><circle cx="1" cy="1" r="1"/></g>')}\n`,
    svg(
      '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs><rect fill="url(#a)" width="1" height="1"/>',
    ),
    svg('<defs><path id="p" d="M0 0"/></defs><use href="#p"/>'),
  ])('that is a drawing passes: %s', (icon) => {
    expect(svgViolation(icon)).toBeUndefined();
  });

  it.each([
    ['', 'nothing'],
    ['<html></html>', 'no svg'],
    [svg('') + svg(''), 'two svg elements'],
    [svg('<script>alert(1)</script>'), 'a script'],
    [svg('<foreignObject/>'), 'a foreign object'],
    [svg('<style>*{}</style>'), 'a style sheet'],
    [svg('<image href="#a"/>'), 'an image'],
    [svg('<a href="#a"/>'), 'a link'],
    [svg('<animate attributeName="href"/>'), 'an animation'],
    [svg('', ' onload="alert(1)"'), 'a handler'],
    [svg('<g ONCLICK="a"/>'), 'a handler in capitals'],
    [svg('<path style="fill:red"/>'), 'a style'],
    [svg('<use href="https://evil.example/a.svg#a"/>'), 'an outside reference'],
    [svg('<use xlink:href="javascript:alert(1)"/>'), 'a script address'],
    [svg('<rect fill="url(https://evil.example/a)"/>'), 'an outside paint'],
    [svg('<rect fill="url( data:image/svg+xml,x)"/>'), 'a data paint'],
    [svg('<rect fill="u\\72l(//evil)"/>'), 'an escaped paint'],
    [svg('<rect fill="url(//evil.example/a)"/>'), 'a paint without scheme'],
    [svg('<g xmlns:h="http://www.w3.org/1999/xhtml"/>'), 'another namespace'],
    [svg('<h:script xmlns:h="http://www.w3.org/2000/svg"/>'), 'a prefixed element'],
    [svg('', ' xmlns:xlink="http://evil.example"'), 'a wrong namespace'],
    [`<!DOCTYPE svg [<!ENTITY x "y">]>${svg('&x;')}`, 'a document type'],
    [svg('<title>&#x3c;script&#x3e;</title>'), 'an entity'],
    [svg('<title><![CDATA[<script>]]></title>'), 'a CDATA section'],
    [svg('<?php x ?>'), 'a processing instruction'],
    [svg('text'), 'loose text'],
    [svg('<g>'), 'an element without end'],
    [svg('<!-- a -- b -->'), 'a malformed comment'],
    [`${svg('')}<script/>`, 'something after it'],
  ])('%s is refused for %s', (icon) => {
    expect(svgViolation(icon)).toBeDefined();
  });
});
