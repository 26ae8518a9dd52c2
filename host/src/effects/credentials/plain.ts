import type { Credential } from '@patchbay/plugin-sdk/contract/credential';
import { denied, type CredentialResult, type Means, type Outgoing } from './credential-means.ts';

type Plain = Extract<Credential, { kind: 'bearer' | 'basic' | 'header' | 'query' | 'path' }>;

/** The kinds that send the secret as it is: in a header, or, weak, in the address. */
export function attachPlain(credential: Plain, means: Means, { url }: Outgoing): CredentialResult {
  const { secret, name } = means;
  const inHeader = (header: string, value: string): CredentialResult => ({
    ...{ ok: true, url: url.href, headers: { [header]: value }, hidden: [secret] },
  });
  switch (credential.kind) {
    case 'bearer':
      return inHeader('authorization', `Bearer ${secret}`);
    case 'basic': {
      const username = means.configuration[credential.username];
      const pair = `${typeof username === 'string' ? username : ''}:${secret}`;
      return inHeader('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    }
    case 'header':
      return inHeader(credential.header.toLowerCase(), credential.prefix + secret);
    case 'query': {
      const changed = new URL(url);
      if (changed.searchParams.has(credential.parameter))
        return denied(`The parameter "${credential.parameter}" is the host's to set`);
      changed.searchParams.append(credential.parameter, secret);
      return { ok: true, url: changed.href, headers: {}, hidden: [secret] };
    }
    case 'path': {
      const around = url.pathname.split(`:${name}`);
      const [before, after] = around;
      if (around.length !== 2 || before === undefined || after === undefined || /^[A-Za-z0-9]/.test(after))
        return denied(`The path has to have ":${name}" once, where the secret goes`);
      const segments = secret.split('/');
      if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
        return denied(`The secret "${name}" is no part of a path`);
      const encoded = segments.map((segment) => encodeURIComponent(segment).replaceAll('%3A', ':')).join('/');
      const changed = new URL(url);
      changed.pathname = before + encoded + after;
      return { ok: true, url: changed.href, headers: {}, hidden: [secret] };
    }
  }
}
