import { ownScheme, type OwnSignature } from '@patchbay/plugin-sdk/contract/own-signature';
import { genericSignature, headerNameSchema, type SignatureScheme } from '@patchbay/plugin-sdk/contract/verifier';

type Settings = Readonly<Record<string, unknown>>;

/** The generic scheme also without its prefix: many senders write the digest alone. */
const generic: readonly SignatureScheme[] = [genericSignature, { ...genericSignature, prefix: '' } as SignatureScheme];

/**
 * What the sender of an integration may sign with: the form that its operator has named and nothing else, or the
 * vendor's schemes, or the generic one where the vendor has none.
 */
export function schemesOf(
  signatures: readonly SignatureScheme[],
  settings: Settings,
  own: OwnSignature | null,
): readonly SignatureScheme[] {
  if (own !== null) return [ownScheme(own)];
  return signatures.length > 0 ? signatures.map((scheme) => renamed(scheme, settings)) : generic;
}

/** With the header names that the operator has set, as in the sender. What is no name of a header changes nothing. */
function renamed(scheme: SignatureScheme, settings: Settings): SignatureScheme {
  if (scheme.kind !== 'hmac' && scheme.kind !== 'ed25519' && scheme.kind !== 'ecdsa') return scheme;
  const named = (setting: string | undefined, header: string): string => {
    const name = setting === undefined ? undefined : headerNameSchema.safeParse(settings[setting]);
    return name?.success === true ? name.data : header;
  };
  const { timestamp } = scheme;
  const header = named(scheme.headerSetting, scheme.header);
  if (timestamp === undefined || !('header' in timestamp.from)) return { ...scheme, header };
  const from = { header: named(timestamp.from.headerSetting, timestamp.from.header) };
  return { ...scheme, header, timestamp: { ...timestamp, from } };
}
