import { z } from 'zod';
import type { RegistryRole } from '@patchbay/plugin-sdk/contract/rest/identity';
import type { HostApi } from './host-process.ts';

/** Somebody with an account on a host. */
export interface Person {
  readonly userId: string;
  /** An API token of theirs with every scope. */
  readonly token: string;
  /** Headers of their session, as a browser sends them. */
  readonly session: Readonly<Record<string, string>>;
}

interface NewPerson {
  name: string;
  role?: 'owner' | 'admin' | 'member' | 'viewer';
  registryRoles?: readonly RegistryRole[];
}

/** Makes an account as an owner would, gives it its roles, signs in with its one-time password and makes a token. */
export async function newPerson(
  host: HostApi,
  { name, role = 'member', registryRoles = [] }: NewPerson,
): Promise<Person> {
  const email = `${name.toLowerCase()}@example.com`;
  const added = await read(
    await host.request('/api/members', { body: { name, email, role } }),
    z.object({ userId: z.string(), oneTimePassword: z.string() }),
  );
  if (registryRoles.length > 0)
    await read(
      await host.request(`/api/registry-members/${added.userId}`, { method: 'PUT', body: { roles: registryRoles } }),
      z.unknown(),
    );
  const signedIn = await fetch(`${host.url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: added.oneTimePassword }),
  });
  if (!signedIn.ok) throw new Error(`Signing in was answered ${signedIn.status}: ${await signedIn.text()}`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const session = { cookie, 'x-patchbay-request': '1' };
  const made = await fetch(`${host.url}/api/tokens`, {
    method: 'POST',
    headers: { ...session, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'all', scopes: ['read', 'write', 'admin'] }),
  });
  const { token } = await read(made, z.object({ token: z.string() }));
  return { userId: added.userId, token, session };
}

async function read<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} was answered ${answer.status}: ${text}`);
  return schema.parse(JSON.parse(text));
}
