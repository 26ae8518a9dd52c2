import { failed, PatchbayError, retry } from '@patchbay/plugin-sdk';
import { Outcome } from './outcome.ts';

/** Times are bounded by the contract: a day. */
const WAIT_SECONDS_MAX = 86_400;
/** Codes of a request that certainly did nothing. */
const NOT_SENT = new Set(['EGRESS_FAILED', 'EGRESS_TIMEOUT']);

export interface JiraAnswer {
  status: number;
  body: unknown;
  response: Response;
}

export interface JiraRequest {
  method: 'GET' | 'POST';
  /** Below /rest/api/3, with its query. */
  path: string;
  body?: unknown;
  /** Sending it twice does no harm. */
  repeatable?: boolean;
  /** What is being done, for the words of a refusal. */
  doing: string;
}

export type Jira = (request: JiraRequest) => Promise<JiraAnswer>;

/**
 * Sends requests to one site. Gives answers of 2xx, 400, 404 and 409; everything else ends the delivery:
 * refused credentials for good, limits and outages until another attempt. A gateway's error after a request that
 * must not be repeated leaves open whether it was done: PatchbayError OUTCOME_UNKNOWN.
 *
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes
 */
export function jiraAt(origin: string): Jira {
  return async (request) => {
    const response = await send(origin, request);
    const { status } = response;
    if ((status >= 200 && status < 300) || status === 400 || status === 404 || status === 409)
      return { status, body: parsed(await response.text()), response };
    throw refusal(request, response);
  };
}

async function send(origin: string, request: JiraRequest): Promise<Response> {
  const { method, path, body, repeatable } = request;
  try {
    return await fetch(`${origin}/rest/api/3${path}`, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credential: 'apiToken',
      repeatable: repeatable ?? false,
    });
  } catch (error) {
    if (error instanceof PatchbayError && NOT_SENT.has(error.code))
      throw new Outcome(retry(`Jira could not be reached while ${request.doing}`));
    throw error;
  }
}

function refusal({ method, doing, repeatable }: JiraRequest, response: Response): Error {
  const { status } = response;
  if (status === 401)
    return new Outcome(
      failed(
        `Jira does not accept the e-mail and API token (401, while ${doing}). Enter a valid token in the settings.`,
      ),
    );
  if (status === 403)
    return new Outcome(
      failed(`Jira does not allow this account to go on (403, while ${doing}). Give it access to the project.`),
    );
  if (status === 429 || status === 503) {
    const reason = response.headers.get('ratelimit-reason');
    const words =
      status === 429 ? `Jira limits requests${reason === null ? '' : ` (${reason})`}` : 'Jira is unavailable';
    return new Outcome(retry(`${words}, while ${doing}`, waitSeconds(response)));
  }
  if (status >= 500) {
    if (method === 'GET' || repeatable === true)
      return new Outcome(retry(`Jira answered ${status} while ${doing}`, waitSeconds(response)));
    return new PatchbayError('OUTCOME_UNKNOWN', `Jira answered ${status} while ${doing}`);
  }
  return new Outcome(failed(`Jira answered ${status} while ${doing}`));
}

/** Retry-After in seconds, else the instant of X-RateLimit-Reset; undefined when Jira names neither. */
function waitSeconds({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.min(seconds, WAIT_SECONDS_MAX);
  const reset = Date.parse(headers.get('x-ratelimit-reset') ?? '');
  if (Number.isNaN(reset)) return undefined;
  return Math.min(Math.max(0, Math.ceil((reset - Date.now()) / 1000)), WAIT_SECONDS_MAX);
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A field of an answer, or undefined; answers are not trusted to have their documented shape. */
export function field(value: unknown, ...names: string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

export function listField(value: unknown, ...names: string[]): unknown[] {
  const found = field(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** What Jira says is wrong: its general messages and those of single fields. */
export function jiraMessages(body: unknown): string {
  const general = listField(body, 'errorMessages').map(String);
  const fields = Object.entries(Object(field(body, 'errors')) as Record<string, unknown>);
  return (
    [...general, ...fields.map(([name, message]) => `${name}: ${String(message)}`)].join('; ') || 'no reason given'
  );
}
