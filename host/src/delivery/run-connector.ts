import { randomUUID } from 'node:crypto';
import { isErrorCode, type ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import {
  ABI_VERSION,
  deliverOutputSchema,
  type DeliverInput,
  type DeliverResult,
} from '@patchbay/plugin-sdk/contract/envelopes';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import { grantedCapabilities } from '@patchbay/plugin-sdk/contract/permissions';
import type { NewAsk, RunResult, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import { CallJournal, type LastAnswer } from './call-journal.ts';
import type { ClaimedDelivery } from './claim.ts';
import { readEmit, type EmittedEvent } from './emitted-events.ts';
import type { Ending } from './finish.ts';
import { loadJournal } from './journal-store.ts';
import type { Lease } from './lease.ts';
import { OpenAsks, type ConnectorPlugin, type ConnectorWorld } from './open-asks.ts';

/**
 * Carries out one attempt of a connector by replay.
 *
 *   run -> open    perform what was asked (OpenAsks), run again with the longer journal; a sleep that outlasts what
 *                  else is open gives the delivery back as waiting until it wakes
 *       -> done    the output says how it ended
 *       -> failed  the retryable answers of the last round are withdrawn for another attempt; if there are none, the
 *                  next run would end the same way: dead at once
 *
 * A credentialed request that was answered 401 or 403 pauses the destination until a person has mended it.
 */
export async function runConnector(
  world: ConnectorWorld & { sandbox: Sandbox },
  claim: ClaimedDelivery,
  plugin: ConnectorPlugin,
  lease: Lease,
): Promise<Ending> {
  const stored = await loadJournal(world.db, world.vault, claim, {
    moduleSha256: plugin.moduleSha256,
    pluginId: plugin.manifest.id,
    pluginVersion: plugin.manifest.version,
    configuration: plugin.configuration,
  });
  const journal = new CallJournal(world, claim, stored);
  const open = new OpenAsks(world, claim, plugin, lease, journal);
  await journal.handOverLeftAnswers();

  // The journal only grows from here to the end of the attempt.
  const request = { ...runRequest(claim, plugin), call: randomUUID() };
  let cpuMicros = 0;
  for (let runs = 0; runs < RUNS_MAX; runs++) {
    lease.check();
    const result = await world.sandbox.run({ ...request, journal: journal.replayed });
    cpuMicros += result.usage.cpuMicros;
    const logs = result.logs.map(({ level, message }) => ({ level, message }));
    const ended = await afterRun(result, claim.cpuMicros + cpuMicros, journal, open);
    if (ended !== null) {
      await open.settle();
      if ('code' in ended && OF_CALLS.has(ended.code))
        world.callErrors.count(claim.groupId, claim.destination.installationId, ended.code);
      const emitted = result.status === 'done' && endsCall(ended) ? eventsOf(plugin, claim, journal, result.asks) : [];
      return { ...ended, cpuMicros, logs, emitted };
    }
  }
  return { kind: 'failed', code: 'ASKS_EXCEEDED', message: `The call took more than ${RUNS_MAX} runs`, cpuMicros };
}

function endsCall({ kind }: Ending): boolean {
  return kind === 'delivered' || kind === 'skipped' || kind === 'failed';
}

/** Codes of calls that no run of theirs ended with. */
const OF_CALLS = new Set<ErrorCode>(['CALL_CPU_EXCEEDED', 'OUTPUT_INVALID']);

/** What the call has emitted: every run replays the whole of it, so that is what the last run has emitted too. */
function eventsOf(
  plugin: ConnectorPlugin,
  claim: ClaimedDelivery,
  journal: CallJournal,
  last: readonly NewAsk[],
): EmittedEvent[] {
  return [...journal.asks, ...last]
    .filter(({ kind }) => kind === 'emit')
    .flatMap(({ request }, before) => {
      const read = readEmit(plugin.manifest, claim, before + 1, request);
      return read.ok ? [read.emitted] : [];
    });
}

const RUNS_MAX = sandboxLimits.asksPerCall + 10;

function runRequest(claim: ClaimedDelivery, plugin: ConnectorPlugin) {
  const input: DeliverInput = {
    abi: ABI_VERSION,
    change: claim.change,
    // A later attempt replays the same input, so it cannot be told which one it is.
    delivery: { id: claim.deliveryId, attempt: 1 },
    configuration: plugin.configuration,
  };
  return {
    module: plugin.moduleSha256,
    export: 'deliver' as const,
    grants: grantedCapabilities(plugin.manifest.permissions),
    input: JSON.stringify(input),
    group: claim.groupId,
    installation: claim.destination.installationId ?? '',
  };
}

/** @returns how the attempt ended, or null when there is more to run */
async function afterRun(
  result: RunResult,
  callCpuMicros: number,
  journal: CallJournal,
  open: OpenAsks,
): Promise<Ending | null> {
  if (callCpuMicros > sandboxLimits.callCpuMs * 1000) {
    const message = `All runs of the call together took more than ${sandboxLimits.callCpuMs} ms of CPU`;
    return { kind: 'failed', code: 'CALL_CPU_EXCEEDED', message };
  }
  switch (result.status) {
    case 'open': {
      if (await open.begin(result.asks)) return null;
      const wakeAt = await open.gather();
      return wakeAt === null ? null : { kind: 'waiting', dueAt: wakeAt };
    }
    case 'done':
      return afterOutput(result.output, journal, open);
    case 'failed':
      return afterFailure(result, journal, open);
  }
}

async function afterOutput(output: string, journal: CallJournal, open: OpenAsks): Promise<Ending> {
  const result = parseOutput(output);
  if (result === null) return { kind: 'failed', code: 'OUTPUT_INVALID', message: 'This is not what deliver returns' };
  switch (result.outcome) {
    case 'delivered':
      return {
        kind: 'delivered',
        ...(result.note === undefined ? {} : { message: result.note }),
        ...(result.linked === undefined ? {} : { linked: result.linked }),
      };
    case 'skipped':
      return { kind: 'skipped', message: result.reason };
    case 'failed':
      if (credentialRefused(journal)) return attention(journal, open, result.reason);
      return { kind: 'failed', code: 'PLUGIN_ERROR', message: result.reason };
    case 'retry': {
      const { reason, retryAfterSeconds, answers = [] } = result;
      const failure = { code: 'RETRY_REQUESTED', message: reason } as const;
      const again = await retry(journal, open, failure, answers, retryAfterSeconds);
      return again.kind === 'failed' && credentialRefused(journal) ? attention(journal, open, reason) : again;
    }
  }
}

async function afterFailure(
  result: Extract<RunResult, { status: 'failed' }>,
  journal: CallJournal,
  open: OpenAsks,
): Promise<Ending> {
  if (result.fault === 'sandbox') return { kind: 'retry', code: result.code, message: result.message };
  const where = result.ask === undefined ? '' : ` (ask ${result.ask.number}, ${result.ask.kind})`;
  const message = `${result.error?.message ?? result.message}${where}`;
  if (credentialRefused(journal)) return attention(journal, open, message);
  const thrown = result.error?.code;
  const code = thrown !== undefined && isErrorCode(thrown) ? thrown : result.code;
  // Whether the request was carried out is for a person to find out.
  if (code === 'OUTCOME_UNKNOWN') return { kind: 'failed', code, message };
  return retry(journal, open, { code, message });
}

/** @param named numbers of answers that call for another attempt because the plugin says so */
async function retry(
  journal: CallJournal,
  open: OpenAsks,
  failure: { code: ErrorCode; message: string },
  named: readonly number[] = [],
  retryAfterSeconds?: number,
): Promise<Ending> {
  await open.settle();
  const throttled = journal.lastAnswers().find(({ status }) => status === 429 || status === 503);
  if ((await journal.withdraw(named)) === 0) return { kind: 'failed', ...failure };
  return {
    kind: 'retry',
    ...failure,
    retryAfterMs: retryAfterSeconds === undefined ? (throttled?.retryAfterMs ?? null) : retryAfterSeconds * 1000,
    throttle: throttled !== undefined,
  };
}

async function attention(journal: CallJournal, open: OpenAsks, message: string): Promise<Ending> {
  await open.settle();
  await journal.withdraw(
    journal
      .lastAnswers()
      .filter(isRefusedCredential)
      .map(({ ask }) => ask),
  );
  await journal.beginAnewIfNothingStands();
  return { kind: 'attention', code: 'DESTINATION_NEEDS_ATTENTION', message };
}

function credentialRefused(journal: CallJournal): boolean {
  return journal.lastAnswers().some(isRefusedCredential);
}

function isRefusedCredential({ status, credential }: LastAnswer): boolean {
  return credential && (status === 401 || status === 403);
}

function parseOutput(output: string): DeliverResult | null {
  try {
    const parsed = deliverOutputSchema.safeParse(JSON.parse(output));
    return parsed.success ? parsed.data.result : null;
  } catch {
    return null;
  }
}
