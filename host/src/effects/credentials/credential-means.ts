import type { Egress } from '../../egress/egress.ts';
import type { TokenKeeper } from './token-keeper.ts';

/** A request before its secret is attached. */
export interface Outgoing {
  url: URL;
  method: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Buffer | null;
}

/** What a kind of credential works with. */
export interface Means {
  /** Name of the declared secret. */
  name: string;
  configuration: Record<string, unknown>;
  /** The secret; of one with parts, the whole of it as it is stored. */
  secret: string;
  /** The secret as it is now: a token that was got meanwhile may have changed it. */
  readAgain(): Promise<string | null>;
  tokens: TokenKeeper;
  egress: Egress;
  now: Date;
}

export interface Attached {
  ok: true;
  url: string;
  headers: Record<string, string>;
  /** What must not come back in an answer: secrets, and what was got or made by them. */
  hidden: string[];
  /** Attaches another token after this one was refused. */
  renew?: () => Promise<CredentialResult>;
}

export interface NotAttached {
  ok: false;
  code: 'PERMISSION_DENIED' | 'TOKEN_REFUSED' | 'TOKEN_UNAVAILABLE';
  message: string;
}

export type CredentialResult = Attached | NotAttached;

export function denied(message: string): NotAttached {
  return { ok: false, code: 'PERMISSION_DENIED', message };
}
