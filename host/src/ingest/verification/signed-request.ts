/** What a scheme looks at: the request exactly as it arrived. */
export interface SignedRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Milliseconds since the epoch at receipt. */
  readonly receivedAt: number;
}

export type SignatureOutcome =
  /** `replayId` names this very delivery; a second one with it within the tolerance is a replay. */
  | { outcome: 'verified'; replayId: string | null; topicArn?: string }
  /** The request carries nothing of this scheme. */
  | { outcome: 'absent' }
  /** It carries a signature, and there is no secret to check it with. */
  | { outcome: 'unset' }
  | { outcome: 'invalid'; reason: string };

/** One value of a header; several of one name are no signature that we know. */
export function headerText(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
