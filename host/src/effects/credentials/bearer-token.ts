import type { CredentialResult, Means, NotAttached, Outgoing } from './credential-means.ts';
import type { Obtained } from './token-keeper.ts';

/**
 * Attaches a token that is got by the secret, and offers another one for the case that it is refused.
 *
 * @param source what the token depends on besides the secret
 * @param hidden what else must not come back
 */
export async function attachToken(
  means: Means,
  outgoing: Outgoing,
  source: readonly unknown[],
  hidden: readonly string[],
  obtain: () => Promise<Obtained>,
): Promise<CredentialResult> {
  const attach = async (refused: number | null): Promise<CredentialResult> => {
    const got = await means.tokens.get({ name: means.name, source: JSON.stringify(source), refused, obtain });
    if (!got.ok) return got satisfies NotAttached;
    return {
      ok: true,
      url: outgoing.url.href,
      headers: { authorization: `Bearer ${got.token}` },
      hidden: [...hidden, got.token],
      ...(refused === null ? { renew: () => attach(got.generation) } : {}),
    };
  };
  return attach(null);
}
