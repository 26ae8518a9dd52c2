import { createVerify, type KeyObject } from 'node:crypto';
import { readDigest } from './digest-text.ts';
import { readFormFields } from './form-fields.ts';
import { createPinnedKeys, withoutKey, type FetchPinned } from './pinned-keys.ts';
import { readPublicKey } from './public-key.ts';
import { headerText, invalid, verified, type SignatureOutcome, type SignedRequest } from './signed-request.ts';

const CONFIG_URL = 'https://api.travis-ci.com/config';

/**
 * Travis CI (docs.travis-ci.com, "Verifying webhook requests"): RSA-SHA1 over the form's field `payload`, with the one
 * key that Travis CI has for everybody; so it proves Travis CI, not the repository. A public key set as secret is that
 * of another Travis CI server and stands in its place.
 */
export function createTravisVerifier(
  fetchPinned: FetchPinned,
): (request: SignedRequest, secrets: readonly string[]) => Promise<SignatureOutcome> {
  const published = createPinnedKeys(fetchPinned, readConfig);
  return async (request, secrets) => {
    const signature = headerText(request, 'signature');
    if (signature === undefined) return { outcome: 'absent' };
    const fields = readFormFields(request.body)?.filter(({ name }) => name.equals(PAYLOAD)) ?? [];
    const [payload] = fields;
    if (payload === undefined || fields.length > 1) return invalid('The form has no field "payload".');
    let keys: (KeyObject | null)[];
    try {
      keys =
        secrets.length > 0
          ? secrets.map((secret) => readPublicKey(secret, 'rsa'))
          : [await published.keyAt(CONFIG_URL, request.receivedAt)];
    } catch (error) {
      return withoutKey(error, 'The public key could not be had from Travis CI.');
    }
    const given = readDigest(signature, 'base64');
    if (given === null) return invalid('The signature does not have the expected form.');
    for (const key of keys)
      if (key !== null && createVerify('RSA-SHA1').update(payload.value).verify(key, given))
        return verified('vendor', { id: `sig ${given.toString('base64').slice(0, 128)}`, timed: false });
    return invalid('The signature does not match the payload.');
  };
}

const PAYLOAD = Buffer.from('payload');

/** The key stands at config.notifications.webhook.public_key. */
function readConfig(body: Buffer): KeyObject {
  const { config } = JSON.parse(body.toString('utf8')) as {
    config?: { notifications?: { webhook?: { public_key?: unknown } } };
  };
  const text = config?.notifications?.webhook?.public_key;
  const key = typeof text === 'string' ? readPublicKey(text, 'rsa') : null;
  if (key === null) throw new Error('Travis CI has published no RSA key');
  return key;
}
