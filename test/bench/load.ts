import autocannon from 'autocannon';
import { alertBody } from './alert-body.ts';
import { cpuSeconds } from './cpu-time.ts';
import { startRole, tell } from './role-process.ts';

export interface Target {
  url: string;
  key: string;
}

/** Where to post to, and whose CPU time that costs. */
export interface LoadOptions extends Target {
  /** Requests before measuring begins, so that what V8 and the database compile on first use is behind them. */
  warmRequests: number;
  seconds: number;
}

/** What one run of load came to. */
export interface LoadResult {
  requestsPerSecond: number;
  p99Ms: number;
  /** CPU time of the server and its children, of a database server too, in microseconds a request; NaN if unknown. */
  cpuMicros: number;
  /** Answers that were no 2xx, and requests without an answer. */
  failed: number;
  /** Answers of 2xx whose event was not stored yet: the plugin was too slow for its sender. */
  late: number;
}

const CONNECTIONS = 50;

/** Posts alerts over 50 connections, each its next as soon as the last one is answered, from a process of its own. */
export async function load(options: LoadOptions, pids: readonly number[]): Promise<LoadResult> {
  const role = startRole('load', options);
  try {
    await role.next();
    const before = cpuSeconds(pids);
    const result = (await role.next()) as Omit<LoadResult, 'cpuMicros'> & { requests: number };
    return { ...result, cpuMicros: ((cpuSeconds(pids) - before) * 1e6) / result.requests };
  } finally {
    await role.stop();
  }
}

export async function loadRole(options: LoadOptions): Promise<void> {
  await run(options, { amount: options.warmRequests });
  tell({ warm: true });
  const result = await run(options, { duration: options.seconds });
  tell({
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
    late: result.mismatches - result.non2xx,
  });
}

function run({ url, key }: Target, length: { amount: number } | { duration: number }): Promise<autocannon.Result> {
  return autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    ...length,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: alertBody(),
    idReplacement: true,
    verifyBody: (body) => String(body).includes('"events":1'),
  });
}
