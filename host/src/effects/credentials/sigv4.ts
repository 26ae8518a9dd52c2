import { createHash } from 'node:crypto';
import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import { AwsV4Signer } from 'aws4fetch';
import { denied, type CredentialResult, type Means, type Outgoing } from './credential-means.ts';
import { partsOf } from './secret-parts.ts';
import { textOf } from './text-reference.ts';

type SigV4 = Extract<Credential, { kind: 'sigv4' }>;

/** AWS Signature Version 4 over method, path, query, host, content type, `x-amz-` headers and body. */
export async function attachSigV4(credential: SigV4, means: Means, outgoing: Outgoing): Promise<CredentialResult> {
  const region = textOf(credential.region, means.configuration);
  if (region === null) return denied(`The setting for the region of "${means.name}" is empty`);
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = partsOf(means.secret);
  const signed = Object.entries(outgoing.headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-amz-'),
  );
  const body = outgoing.body ?? Buffer.alloc(0);
  const signer = new AwsV4Signer({
    method: outgoing.method,
    url: outgoing.url.href,
    headers: [
      ...signed,
      // S3 wants the digest named; elsewhere it is signed all the same.
      ...(credential.service === 's3' ? [contentDigest(body)] : []),
    ] as [string, string][],
    body,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: credential.service,
    region,
    datetime: means.now.toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
    allHeaders: true,
  });
  const { url, headers } = await signer.sign();
  const hidden = [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
  return {
    ok: true,
    url: url.href,
    headers: Object.fromEntries([...headers].filter(([name]) => name !== 'host')),
    hidden,
  };
}

function contentDigest(body: Buffer): [string, string] {
  return ['x-amz-content-sha256', createHash('sha256').update(body).digest('hex')];
}
