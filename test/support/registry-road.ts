import { randomBytes } from 'node:crypto';
import type { Submission } from '@patchbay/plugin-sdk/contract/rest/registry';
import type { SigningKey } from '@patchbay/plugin-sdk/package/dsse';
import { publicKeyPem } from '@patchbay/plugin-sdk/package/signing-key';
import { z } from 'zod';
import type { HostApi } from './host-process.ts';
import { newPerson, type Person } from './people.ts';
import { releaseEnvelope, type TestPackage } from './plugin-packages.ts';

/** Uploads a package as its author, who takes the namespace if nobody has it. */
export function uploadPackage(
  { url, token }: HostApi,
  made: Omit<TestPackage, 'files'>,
  key: SigningKey,
): Promise<Response> {
  const inHeader = (text: string): string => Buffer.from(text).toString('base64');
  return fetch(`${url}/api/registry/plugins`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/gzip',
      'x-patchbay-envelope': inHeader(JSON.stringify(releaseEnvelope(made, key))),
      'x-patchbay-claim': 'yes',
      'x-patchbay-key': inHeader(publicKeyPem(key.publicKey)),
    },
    body: new Uint8Array(made.bytes),
  });
}

/** Has other hosts say that they have installed the newest version of a plugin. */
export async function countInstalls(host: HostApi, plugin: string, times: number): Promise<void> {
  const { version } = await read(
    await host.request(`/api/registry/plugins/${plugin}`),
    z.object({ version: z.string() }),
  );
  for (let count = 0; count < times; count++)
    await read(
      await host.request(`/api/registry/plugins/${plugin}/installs?version=${version}`, { method: 'POST' }),
      z.unknown(),
    );
}

/** As many as a version of the highest risk needs. */
export async function newReviewers(host: HostApi): Promise<Person[]> {
  const reviewers: Person[] = [];
  for (let count = 0; count < 2; count++) {
    const name = `Reviewer${randomBytes(4).toString('hex')}`;
    reviewers.push(await newPerson(host, { name, role: 'viewer', registryRoles: ['reviewer'] }));
  }
  return reviewers;
}

/** @throws Error unless it is published then */
export async function approve(host: HostApi, submission: Submission, reviewers: readonly Person[]): Promise<void> {
  const { submissionId, sha256, plugin } = submission;
  let state: string = submission.state;
  for (const { token } of reviewers) {
    if (state !== 'in_review') break;
    const approval = { body: { sha256, note: 'Read.' }, headers: { authorization: `Bearer ${token}` } };
    const answer = await host.request(`/api/registry/submissions/${submissionId}/approve`, approval);
    ({ state } = await read(answer, z.object({ state: z.string() })));
  }
  if (state !== 'published') throw new Error(`${plugin} is ${state} after ${reviewers.length} approvals`);
}

/** @throws Error with the answer when it is no success */
export async function read<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} was answered ${answer.status}: ${text}`);
  return schema.parse(JSON.parse(text));
}
