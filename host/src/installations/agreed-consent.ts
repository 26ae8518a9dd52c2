import type { Configuration } from '@patchbay/plugin-sdk/contract/configuration';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { consentOf } from '@patchbay/plugin-sdk/package/consent';
import { ApiError } from '../api/api-error.ts';

/**
 * The digest that is kept for an installation: of what the manifest asks for, at the addresses of these settings.
 *
 * Who installs or updates may have agreed before the addresses were known ("the address that you enter as Site"): they
 * come in the same request, from the same person.
 *
 * @throws ApiError when something else was agreed to
 */
export function agreedToVersion(manifest: Manifest, configuration: Configuration, agreed: string): string {
  const { digest } = consentOf(manifest, configuration);
  if (agreed !== digest && agreed !== consentOf(manifest).digest)
    throw new ApiError(
      'CONSENT_STALE',
      `You agreed to something else than what ${manifest.id} ${manifest.version} asks for.`,
    );
  return digest;
}

/**
 * The digest to keep when settings change; null when they send nothing to another address.
 *
 * @throws ApiError when they do and nobody agreed to exactly that
 */
export function agreedToChange(
  manifest: Manifest,
  before: Configuration,
  after: Configuration,
  agreed: string | undefined,
): string | null {
  const { digest } = consentOf(manifest, after);
  if (digest === consentOf(manifest, before).digest) return null;
  if (agreed !== digest)
    throw new ApiError(
      'CONSENT_STALE',
      'With these settings, requests and secrets go to another address. Agree to that first.',
    );
  return digest;
}
