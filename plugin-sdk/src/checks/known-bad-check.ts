import { sha256 } from '../package/digest.ts';
import type { PluginPackage } from '../package/plugin-package.ts';
import type { Finding } from './check-result.ts';
import type { KnownCatalogue } from './known-catalogue.ts';

/** No file, and not the package as a whole, is one that was found to be bad before. Every file counts by itself. */
export async function checkKnownBad(subject: PluginPackage, known: KnownCatalogue): Promise<Finding[]> {
  const places = new Map<string, string[]>([[subject.sha256, ['']]]);
  for (const [path, bytes] of subject.files) {
    const digest = sha256(bytes);
    places.set(digest, [...(places.get(digest) ?? []), path]);
  }
  const bad = await known.badDigests([...places.keys()]);
  return [...bad].flatMap(([digest, reason]) =>
    (places.get(digest) ?? []).map((place): Finding => ({
      rule: 'known-bad.digest',
      place,
      message: `This was found to be bad before: ${reason}`,
      advice: 'Take it out. If that is a mistake, ask a reviewer of the registry.',
      level: 'error',
    })),
  );
}
