import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { InstallationId } from '@patchbay/plugin-sdk/contract/ids';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { readPackage } from '@patchbay/plugin-sdk/package/read-package';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { signStatement } from '@patchbay/plugin-sdk/package/statement';
import { closePluginRuns } from '@patchbay/plugin-sdk/testing/plugin-sandbox';
import { keptCheckTools } from '../../../test/support/check-tools.ts';
import { eachDatabase } from '../../../test/support/databases.ts';
import type { TestPackage } from '../../../test/support/plugin-packages.ts';
import { openRegistryAndGroup, type RegistryAndGroup } from './registry-fixture.ts';
import { createVerifiedModules } from './verified-modules.ts';

eachDatabase('the module of an installed version', (newDatabase) => {
  const checkTools = keptCheckTools();
  const sandboxes: ProcessSandbox[] = [];
  let world: RegistryAndGroup;
  let made: TestPackage;
  let id: InstallationId;
  let whole: Buffer;

  beforeAll(async () => {
    world = await openRegistryAndGroup(await newDatabase(), checkTools);
    made = await world.publish('acme/probe');
    id = await world.install('acme/probe');
    whole = await readFile(moduleFile());
  });
  afterEach(async () => {
    await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
    await writeFile(moduleFile(), whole);
  });
  afterAll(async () => {
    await closePluginRuns();
    await world.close();
  });

  const moduleFile = () => join(world.folder, 'modules', `${made.moduleSha256}.wasm`);
  /** A process that has loaded nothing yet. */
  const newProcess = (): ProcessSandbox => {
    const { loadModule } = createVerifiedModules({ ...world.deps, own: [] });
    const sandbox = createSandbox({ loadModule, processes: 1 });
    sandboxes.push(sandbox);
    return sandbox;
  };
  const run = (sandbox: ProcessSandbox, module = made.moduleSha256) =>
    sandbox.run({
      ...{ module, export: 'ingest', grants: [], input: '{}', group: world.groupId, installation: id },
      journal: { seed: 'a'.repeat(64), startedAt: 0, asks: [], batches: [] },
    });
  /** Changes what is stored for the time of one run in a new process. */
  const refusalWith = async (table: 'kept_signatures' | 'settings', change: object): Promise<string> => {
    const { db } = world.store;
    const rows = await db.selectFrom(table).selectAll().execute();
    const name = table === 'settings' ? 'registry.key' : undefined;
    await db
      .updateTable(table)
      .set(change as never)
      .$if(name !== undefined, (query) => query.where('name' as never, '=', name as never))
      .execute();
    const ended = await run(newProcess());
    await db.deleteFrom(table).execute();
    for (const row of rows) {
      const values = Object.entries(row).map(([column, value]) => [
        column,
        column.endsWith('envelope') || column === 'value' ? JSON.stringify(value) : value,
      ]);
      await db.insertInto(table).values(Object.fromEntries(values)).execute();
    }
    if (ended.status !== 'failed') return ended.status;
    expect(ended).toMatchObject({ fault: 'sandbox', code: 'MODULE_UNVERIFIED' });
    return ended.message;
  };
  const forged = (key = generateSigningKey()) => {
    const { id: plugin, version, sha256, moduleSha256 } = made;
    const subject = { id: plugin as `${string}/${string}`, version, sha256, moduleSha256 };
    return {
      author_key: publicKeyPem(key.publicKey),
      author_envelope: JSON.stringify(signStatement('release', { ...subject, hostApi: '^1.0.0', sdk: '0.1.0' }, key)),
      registry_envelope: JSON.stringify(
        signStatement('approval', { ...subject, author: key.id, approvedAt: '', approvedBy: 'mallory' }, key),
      ),
    };
  };

  it('runs while everything is as it was installed', async () => {
    expect(await run(newProcess())).not.toMatchObject({ code: 'MODULE_UNVERIFIED' });
  });

  it('is refused when the stored module was changed or is gone', async () => {
    const changed = Buffer.from(whole);
    changed[changed.length - 1]! ^= 1;
    await writeFile(moduleFile(), changed);
    const sandbox = newProcess();
    expect(await run(sandbox)).toMatchObject({
      fault: 'sandbox',
      code: 'MODULE_UNVERIFIED',
      message: expect.stringContaining('changed on disk'),
    });
    await writeFile(moduleFile(), whole);
    expect(await run(sandbox)).not.toMatchObject({ code: 'MODULE_UNVERIFIED' });
  });

  it('is refused, with the step that failed, when what was signed was changed', async () => {
    const { author_key, author_envelope, registry_envelope } = forged();
    const asked = (change: object) => refusalWith('kept_signatures', change);
    expect(await asked({ registry_envelope })).toContain(
      'acme/probe 1.0.0 does not verify any more, at the step "registry signature"',
    );
    expect(await asked({ author_envelope })).toContain('"author signature"');
    expect(await asked({ author_key })).toContain('"author signature": The key is not the one');
    expect(await asked({ author_key, author_envelope, registry_envelope })).toContain('not signed by a trusted key');
    expect(await asked({ registry_envelope: '{"payload":"x"}' })).toContain('malformed');
    const other = { ...made, sha256: 'f'.repeat(64), id: 'acme/probe' as const };
    const { version, sha256, moduleSha256 } = other;
    const approval = { version, sha256, moduleSha256, id: other.id, author: world.author.id };
    const elsewhere = signStatement('approval', { ...approval, approvedAt: '', approvedBy: 'x' }, world.registry.key);
    expect(await asked({ registry_envelope: JSON.stringify(elsewhere) })).toContain('It approves another package');
  });

  it('is refused when the trusted key was swapped', async () => {
    const value = JSON.stringify(publicKeyPem(generateSigningKey().publicKey));
    expect(await refusalWith('settings', { value })).toContain('not signed by a trusted key');
    expect(await refusalWith('settings', { value: 'null' })).toContain('key of the registry');
  });

  it('is refused for a plugin that was put in its place, and for none at all', async () => {
    const { db } = world.store;
    const other = await world.publish('acme/other', { summary: 'Another.' });
    const read = await readPackage(other.bytes);
    if (!read.ok) throw new Error(read.message);
    await world.deps.modules.put(other.moduleSha256, read.package.module);
    expect(await run(newProcess(), other.moduleSha256)).toMatchObject({
      code: 'MODULE_UNVERIFIED',
      message: expect.stringContaining('No installed version has the module'),
    });
    const rows = db.updateTable('installations').where('installation_id', '=', id);
    await rows.set({ module_sha256: other.moduleSha256 }).execute();
    const ended = await run(newProcess(), other.moduleSha256);
    await rows.set({ module_sha256: made.moduleSha256 }).execute();
    expect(ended).toMatchObject({ code: 'MODULE_UNVERIFIED', message: expect.stringContaining('"module"') });
  });

  it('is verified once in a process, and goes on running there', async () => {
    const sandbox = newProcess();
    await run(sandbox);
    const { db } = world.store;
    const before = await db.selectFrom('kept_signatures').selectAll().execute();
    await db.updateTable('kept_signatures').set({ author_key: 'x' }).execute();
    expect(await run(sandbox)).not.toMatchObject({ code: 'MODULE_UNVERIFIED' });
    for (const { package_sha256, author_key } of before)
      await db
        .updateTable('kept_signatures')
        .set({ author_key })
        .where('package_sha256', '=', package_sha256)
        .execute();
  });

  it('asks the registry for what was signed of a version that was installed before signatures were kept', async () => {
    const { db } = world.store;
    const { request } = world.wire;
    await db.deleteFrom('kept_signatures').execute();
    world.wire.request = async () => ({ status: 503, body: Buffer.from('') });
    expect(await run(newProcess())).toMatchObject({
      code: 'MODULE_UNVERIFIED',
      message: expect.stringContaining('None are kept'),
    });
    world.wire.request = request;
    expect(await run(newProcess())).not.toMatchObject({ code: 'MODULE_UNVERIFIED' });
    expect(await db.selectFrom('kept_signatures').select('package_sha256').execute()).toEqual([
      { package_sha256: made.sha256 },
    ]);
  });
});
