import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { Agent, request as undiciRequest } from 'undici';
import { decodeBody } from './decode-body.ts';
import { judgeAddress, parseNetworks, type AllowedNetworks } from './address-policy.ts';
import { blockedMessage, mayDial, parseTarget } from './target.ts';

export interface EgressRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
  timeoutMs: number;
  /** Largest answer that is read, after decompression. */
  responseBytes: number;
}

export interface EgressAnswer {
  status: number;
  /** Lower-case names; several values of one name are joined with ", ". */
  headers: Record<string, string>;
  body: Buffer;
  durationMs: number;
}

export interface EgressFailure {
  code: 'EGRESS_BLOCKED' | 'EGRESS_FAILED' | 'EGRESS_TIMEOUT' | 'REQUEST_REFUSED' | 'RESPONSE_TOO_LARGE';
  /** For a tenant: nothing of what the resolver or the network said. */
  message: string;
  /** False when it is certain that no byte of the request left: sending it again doubles nothing. */
  maybeSent: boolean;
  durationMs: number;
}

export type EgressResult = { ok: true; answer: EgressAnswer } | ({ ok: false } & EgressFailure);

/** Every outgoing request of the system goes through here: plugins, outgoing webhooks, certificates, test buttons. */
export interface Egress {
  send(request: EgressRequest): Promise<EgressResult>;
  close(): Promise<void>;
}

export type Resolver = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

interface EgressOptions {
  /** CIDRs of networks that may be reached although they are not public, also by plain http. */
  allow: readonly string[];
  /** The name service; the system's when left out. */
  resolve?: Resolver;
}

class BlockedAddress extends Error {
  readonly code = 'BLOCKED_ADDRESS';
}

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
/** Errors of the time before a connection stood. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'BLOCKED_ADDRESS',
  'EADDRNOTAVAIL',
]);

/**
 * The one guard. Each name is resolved at the moment of connecting; if any of its addresses may not be dialled, none
 * is; the checked address is the one that is dialled, so that a name which changes its answer gains nothing.
 * Redirects are answers like any other and are never followed.
 */
export function createEgress({ allow, resolve = dnsLookup }: EgressOptions): Egress {
  const allowed = parseNetworks(allow);
  const agents = {
    'https:': guardedAgent('https:', allowed, resolve),
    'http:': guardedAgent('http:', allowed, resolve),
  };

  return {
    async send(request) {
      const started = performance.now();
      const elapsed = () => Math.round((performance.now() - started) * 1000) / 1000;
      const parsed = parseTarget(request.url, allowed);
      if (!parsed.ok) return { ok: false, code: parsed.code, message: parsed.message, maybeSent: false, durationMs: 0 };
      const { url } = parsed.target;
      const deadline = AbortSignal.timeout(request.timeoutMs);
      let headersIn = false;
      try {
        const response = await undiciRequest(url, {
          dispatcher: agents[url.protocol as 'https:'],
          method: request.method as 'GET',
          headers: { 'accept-encoding': 'identity', ...request.headers },
          body: request.body as Buffer | null,
          signal: deadline,
        });
        headersIn = true;
        const body = await decodeBody(response.body, response.headers['content-encoding'], request.responseBytes);
        if (body === null)
          return failure(
            'RESPONSE_TOO_LARGE',
            `The answer is larger than ${request.responseBytes} bytes`,
            true,
            elapsed(),
          );
        return {
          ok: true,
          answer: { status: response.statusCode, headers: joinHeaders(response.headers), body, durationMs: elapsed() },
        };
      } catch (error) {
        const code = errorCode(error);
        if (code === 'BLOCKED_ADDRESS') return failure('EGRESS_BLOCKED', blockedMessage(url), false, elapsed());
        if (deadline.aborted || (code.startsWith('UND_ERR_') && code.endsWith('TIMEOUT')))
          return failure(
            'EGRESS_TIMEOUT',
            `${url.hostname} did not answer within ${request.timeoutMs} ms`,
            !NOT_SENT.has(code),
            elapsed(),
          );
        const message = headersIn ? `The answer of ${url.hostname} broke off` : `${url.hostname} could not be reached`;
        return failure('EGRESS_FAILED', message, !NOT_SENT.has(code), elapsed());
      }
    },
    async close() {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

function guardedAgent(protocol: 'https:' | 'http:', allowed: AllowedNetworks, resolve: Resolver): Agent {
  return new Agent({
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    pipelining: 1,
    maxHeaderSize: 16 * 1024,
    connect: {
      lookup(hostname, options, callback) {
        resolve(hostname, { all: true }, (error, addresses) => {
          const fail = (reason: Error) => callback(reason, '', 0);
          if (error !== null) return fail(error);
          const first = addresses[0];
          if (first === undefined) return fail(new BlockedAddress('no address'));
          if (!addresses.every(({ address }) => mayDial(judgeAddress(address, allowed), protocol)))
            return fail(new BlockedAddress('an address is not allowed'));
          if (options.all === true)
            (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
          else callback(null, first.address, first.family);
        });
      },
    },
  });
}

function failure(code: EgressFailure['code'], message: string, maybeSent: boolean, durationMs: number): EgressResult {
  return { ok: false, code, message, maybeSent, durationMs };
}

/** The first code on the way down an error's causes; undici and Happy Eyeballs wrap what the socket said. */
function errorCode(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return '';
}

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return joined;
}
