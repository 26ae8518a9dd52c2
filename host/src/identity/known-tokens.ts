import type { TokenOwner } from './tokens.ts';
import { tokenDigest } from './tokens.ts';

/**
 * Tokens that the database has vouched for, for what is served without it: while it is away, a token that was good not
 * long ago still is. One that was revoked meanwhile is good for that time at most.
 */
export interface KnownTokens {
  remember(token: string, owner: TokenOwner): void;
  forget(token: string): void;
  find(token: string): TokenOwner | undefined;
}

const GOOD_FOR_MS = 60 * 60 * 1000;
const TOKENS_MAX = 1000;

export function createKnownTokens(now: () => number = Date.now): KnownTokens {
  // In the order in which they were last vouched for.
  const known = new Map<string, { owner: TokenOwner; at: number }>();
  return {
    remember(token, owner) {
      const digest = tokenDigest(token);
      known.delete(digest);
      known.set(digest, { owner, at: now() });
      const [oldest] = known.keys();
      if (known.size > TOKENS_MAX && oldest !== undefined) known.delete(oldest);
    },
    forget(token) {
      known.delete(tokenDigest(token));
    },
    find(token) {
      const found = known.get(tokenDigest(token));
      return found === undefined || found.at + GOOD_FOR_MS < now() ? undefined : found.owner;
    },
  };
}
