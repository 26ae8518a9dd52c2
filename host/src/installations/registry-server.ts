import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckTools } from '@patchbay/plugin-sdk/checks/check-package';
import type { RegistryRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { generateSigningKey, publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { registryRoutes } from '@patchbay/registry/api/registry-routes';
import { openRegistry, type Registry } from '@patchbay/registry/registry';
import { releaseEnvelope, type TestPackage } from '../../../test/support/plugin-packages.ts';
import { ApiError } from '../api/api-error.ts';
import { createApp } from '../api/app.ts';
import { parseConfig } from '../config/config.ts';
import { createAccount } from '../identity/accounts.ts';
import { createAuth } from '../identity/auth.ts';
import { prepareFirstStart } from '../identity/first-start.ts';
import { registryAccounts } from '../identity/registry-accounts.ts';
import { createToken } from '../identity/tokens.ts';
import { createVault } from '../secrets/vault.ts';
import { openStore, type Store, type StoreOptions } from '../store/open-store.ts';

/** A registry that is asked over sockets, in this process: for tests that hold its clock, its checks or its database. */
export interface RegistryServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  registry: Registry;
  store: Store;
  author: SigningKey;
  /** Makes an account with these roles. @returns a token of theirs with every scope */
  person(name: string, roles: readonly RegistryRole[]): Promise<string>;
  get(token: string, path: string): Promise<Response>;
  post(token: string, path: string, body: unknown): Promise<Response>;
  /** Uploads a package as the command line does, and claims its namespace. */
  upload(token: string, made: TestPackage): Promise<Response>;
  /** The headers of such an upload, without those of the body. */
  uploadHeaders(token: string, made: TestPackage): Record<string, string>;
  close(): Promise<void>;
}

export interface RegistryServerOptions {
  database: StoreOptions;
  checkTools: CheckTools;
  now?: () => Date;
  requestMs?: number;
}

export async function openRegistryServer(options: RegistryServerOptions): Promise<RegistryServer> {
  const { database, checkTools, now = () => new Date() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-registry-'));
  const store = await openStore(database);
  const { db } = store;
  const publicUrl = 'http://127.0.0.1:3000';
  const auth = createAuth({ db, secret: randomBytes(32).toString('hex'), publicUrl });
  const { groupId } = await prepareFirstStart(db, undefined);
  const registry = await openRegistry({ db: db as never, folder, checkTools, now });
  const config = parseConfig({ PORT: '0' });
  if (!config.ok) throw new Error('the default configuration does not parse');
  const app = await createApp({
    ...{ config: config.config, db, auth, log: null, version: '0.0.0', routes: [] },
    vault: createVault(randomBytes(32)),
    ...(options.requestMs === undefined ? {} : { requestMs: options.requestMs }),
    doors: [
      registryRoutes({
        registry,
        accounts: registryAccounts(db),
        fail: (code, message, details) => new ApiError(code, message, details === undefined ? {} : { details }),
      }),
    ],
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const author = generateSigningKey();

  const uploadHeaders: RegistryServer['uploadHeaders'] = (token, made) => ({
    authorization: `Bearer ${token}`,
    'content-type': 'application/gzip',
    'x-patchbay-envelope': Buffer.from(JSON.stringify(releaseEnvelope(made, author))).toString('base64'),
    'x-patchbay-key': Buffer.from(publicKeyPem(author.publicKey)).toString('base64'),
    'x-patchbay-claim': 'yes',
  });
  return {
    ...{ url, registry, store, author, uploadHeaders },
    async person(name, roles) {
      const account = { name, email: `${name.toLowerCase()}@example.com`, password: 'correct horse battery' };
      const made = await createAccount(auth, account);
      if (!made.ok) throw new Error(`There is a ${name} already.`);
      const { userId } = made;
      await db.insertInto('group_members').values({ group_id: groupId, user_id: userId, role: 'member' }).execute();
      for (const role of roles) await db.insertInto('registry_members').values({ user_id: userId, role }).execute();
      const scopes = ['read', 'write', 'admin'] as const;
      return (await createToken(db, { groupId, userId, name, role: 'member', scopes, expiresAt: null })).token;
    },
    get: (token, path) => fetch(url + path, { headers: { authorization: `Bearer ${token}` } }),
    post: (token, path, body) =>
      fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: (token, made) =>
      fetch(`${url}/api/registry/plugins`, {
        method: 'POST',
        headers: uploadHeaders(token, made),
        body: new Uint8Array(made.bytes),
      }),
    async close() {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
