import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import { sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';

export type SandboxLimit = keyof typeof sandboxLimits;

/** How a connector breaks one budget. */
export interface Overrun {
  limits: readonly SandboxLimit[];
  /** Where it is counted: with runs, which failed, or beside them. */
  counted: 'errors' | 'callErrors';
  /** Statements of its `deliver`, with `url` of a service, `store` and `emit` at hand. */
  does: string;
  /** It is no fault of the plugin that cannot pass, so that the delivery is tried again and may count once more. */
  again?: true;
}

const { asksPerCall, eventsPerCall, jsonDepth, logBytes, logLines, outputBytes, requestsPerCall } = sandboxLimits;
const ask = "store.get('key')";

/** What breaks each budget of a run or a call. Those that are tried again are last, so that no other is counted meanwhile. */
export const overruns = {
  ASKS_EXCEEDED: {
    limits: ['asksPerCall'],
    counted: 'errors',
    does: `await Promise.all(Array.from({ length: ${asksPerCall} + 1 }, () => ${ask}))`,
  },
  ASK_INVALID: {
    limits: ['jsonDepth'],
    counted: 'errors',
    does: `let deep = 0; for (let n = 0; n <= ${jsonDepth}; n++) deep = [deep]; await store.set('deep', deep)`,
  },
  CALL_CPU_EXCEEDED: {
    limits: ['callCpuMs'],
    counted: 'callErrors',
    // So little at a time that a slow machine stays within a run, and so often that a fast one does not within a call.
    does: `for (let n = 0; n < ${asksPerCall}; n++) { for (let i = 0; i < 300_000; i++); await ${ask}; }`,
  },
  EMIT_REFUSED: {
    limits: ['eventsPerCall'],
    counted: 'callErrors',
    does: `
      const payload = { summary: 'Of many', source: 'a connector', severity: 'info' };
      for (let n = 0; n <= ${eventsPerCall}; n++) await emit('note', { event_action: 'trigger', dedup_key: 'n' + n, payload });`,
  },
  JOURNAL_TOO_LARGE: {
    limits: ['journalBytes'],
    counted: 'errors',
    does: `const body = 'x'.repeat(900_000); await Promise.all([1, 2, 3, 4, 5].map(() => fetch(url, { method: 'POST', body })))`,
  },
  LOG_BYTES_EXCEEDED: {
    limits: ['logBytes'],
    counted: 'errors',
    // One line is cut far below it.
    does: `for (let n = 0; n < 200; n++) console.log('x'.repeat(${logBytes} / 100))`,
  },
  LOG_LINES_EXCEEDED: {
    limits: ['logLines'],
    counted: 'errors',
    does: `for (let n = 0; n <= ${logLines}; n++) console.log('')`,
  },
  MEMORY_EXCEEDED: {
    limits: ['memoryBytes'],
    counted: 'errors',
    does: 'for (const kept = []; ; ) kept.push(new ArrayBuffer(4_000_000))',
  },
  OUTPUT_TOO_LARGE: {
    limits: ['outputBytes'],
    counted: 'errors',
    does: `return delivered({ note: 'x'.repeat(${outputBytes}) })`,
  },
  REQUESTS_EXCEEDED: {
    limits: ['requestsPerCall'],
    counted: 'callErrors',
    does: `for (let n = 0; n <= ${requestsPerCall}; n++) await fetch(url + '/' + n)`,
  },
  RESPONSE_TOO_LARGE: {
    limits: ['responseBytes'],
    counted: 'callErrors',
    does: "await fetch(url + '/large')",
  },
  RUN_CPU_EXCEEDED: { limits: ['runCpuMs'], counted: 'errors', does: 'for (;;);' },
  STORE_FULL: {
    limits: ['storeBytes'],
    counted: 'callErrors',
    does: "for (let n = 0; ; n++) await store.set('n' + n, 'x'.repeat(60_000))",
  },
  STORE_VALUE_TOO_LARGE: {
    limits: ['storeValueBytes'],
    counted: 'callErrors',
    does: "await store.set('key', 'x'.repeat(70_000))",
  },
  PLUGIN_TIMEOUT: {
    limits: ['runWallMs'],
    counted: 'errors',
    // The service lets the machine become so busy that the run has hardly any CPU time.
    does: "await fetch(url + '/busy'); for (;;);",
    again: true,
  },
  EGRESS_TIMEOUT: {
    limits: ['requestTimeoutMs'],
    counted: 'callErrors',
    does: "await fetch(url + '/silent')",
    again: true,
  },
} as const satisfies Partial<Record<ErrorCode, Overrun>>;

/** Codes whose names sound like budgets and that no run of a plugin on a host can end with. */
export const otherBudgets: Partial<Record<ErrorCode, string>> = {
  BODY_TOO_LARGE: 'of a request to the host',
  INPUT_TOO_LARGE: 'the door takes nothing that could be so large: tested beside the table',
  PENDING_FULL: 'of the requests of a group',
  REQUEST_TIMEOUT: 'of a request to the host',
  SUBMISSIONS_FULL: 'of a publisher',
};

/** What of the limits is no budget that ends a run or a call by a code of its own. */
export const otherLimits: Partial<Record<SandboxLimit, string>> = {
  answerBudgetMs: 'how long others wait',
  dispatchBudgetMs: 'how long others wait',
  hostBlockBytes: 'of Extism modules, which end with MEMORY_EXCEEDED too: test/hostile/plugins/extism',
  inputBytes: 'more than the door takes',
  installationCpuMsPerMinute: 'order in the queue',
  longRunMs: 'order in the queue',
  moduleBytes: 'of the registry',
  provenRuns: 'order in the queue',
  responseBytesMax: 'of the manifest',
  storeListKeys: 'a page',
  strikeWindowMs: 'quarantine: host/src/runs/runs.test.ts',
  strikesToQuarantine: 'quarantine: host/src/runs/runs.test.ts',
  syncBudgetMs: 'how long others wait',
};
