import type { Manifest } from './manifest.ts';

/** Names of the secrets that the host takes out of answers: nobody enters them. */
export function capturedSecrets({ capture }: Pick<Manifest, 'capture'>): Set<string> {
  return new Set(capture?.map(({ secret }) => secret));
}
