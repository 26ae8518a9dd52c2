/** What a scheme looks at: the request exactly as it arrived. */
export interface SignedRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds since the epoch at receipt. */
  readonly receivedAt: number;
  /** The URL as the sender calls it: the host's public address, with path and query exactly as they came. */
  readonly url: string;
  /** The integration's settings, for schemes that compare with one. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type SignatureOutcome =
  | Verified
  /** The request carries nothing of this scheme. */
  | { outcome: 'absent' }
  /** It carries a signature, and there is no secret to check it with. */
  | { outcome: 'unset' }
  | Invalid
  /** It cannot be judged now: the vendor's key could not be fetched. It may well be right. */
  | { outcome: 'unavailable'; reason: string };

export interface Invalid {
  readonly outcome: 'invalid';
  readonly reason: string;
  /** True when what is there does not even have the form of this scheme: it may be that of another. */
  readonly otherForm?: true;
}

export interface Verified {
  readonly outcome: 'verified';
  /**
   * Whom the signature proves: a `sender` with whom the secret was shared, or just the `vendor`, who signs for all its
   * customers alike. The latter does not stand in for the key.
   */
  readonly proves: 'sender' | 'vendor';
  /** Names this very delivery; a second one with it is a repetition. Null when what is signed says neither time nor id. */
  readonly replay: Replay | null;
  readonly topicArn?: string;
}

export interface Replay {
  readonly id: string;
  /** True when the signature covers time, so that the id need not be known for longer than the tolerance. */
  readonly timed: boolean;
  /** True when the sender may rightly send the very same again later: only what follows soon is a repetition. */
  readonly brief?: true;
}

export function verified(proves: 'sender' | 'vendor', replay: Replay | null = null): Verified {
  return { outcome: 'verified', proves, replay };
}

export function invalid(reason: string): Invalid {
  return { outcome: 'invalid', reason };
}

/** One value of a header; several of one name are no signature that we know. */
export function headerText(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
