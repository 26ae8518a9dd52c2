import { createJwtVerifier } from './jwt.ts';
import { createPaypalVerifier } from './paypal.ts';
import type { FetchPinned } from './pinned-keys.ts';
import { createSnsVerifier } from './sns.ts';
import { createTravisVerifier } from './travis.ts';

/** The schemes whose keys are the vendor's own and are fetched from its pinned hosts. */
export function createVendorVerifiers(fetchPinned: FetchPinned) {
  return {
    sns: createSnsVerifier(fetchPinned),
    paypal: createPaypalVerifier(fetchPinned),
    travis: createTravisVerifier(fetchPinned),
    jwt: createJwtVerifier(fetchPinned),
  };
}
export type VendorVerifiers = ReturnType<typeof createVendorVerifiers>;
