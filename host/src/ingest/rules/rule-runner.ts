import {
  rulesAppliedSchema,
  rulesCheckedSchema,
  type EventRule,
  type RulesApplied,
} from '@patchbay/plugin-sdk/contract/event-rules';
import type { EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import type { ErrorCode } from '@patchbay/plugin-sdk/contract/error-codes';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { ruleLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { RunRequest, Sandbox } from '@patchbay/plugin-sdk/contract/run';
import type { z } from 'zod';
import type { PluginInput } from '../plugin-input.ts';
import { applyChanges, type RuledEvent } from './ruled-event.ts';
import { rulesOf, type IntegrationRules } from './integration-rules.ts';

/** Whose CPU time it is: a group's, and within it an integration's. */
export interface RuleOwner {
  readonly groupId: GroupId;
  readonly integrationId: string;
}

/** No rule was evaluated to its end. `fault` tells what the rules did from what our sandbox could not do. */
export interface RulesStopped {
  readonly ok: false;
  readonly fault: 'plugin' | 'sandbox';
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface RulesDone {
  readonly ok: true;
  readonly events: readonly RuledEvent[];
  /** The first errors; `event` and `rule` are indices. */
  readonly errors: RulesApplied['errors'];
  readonly errorCount: number;
}

/** What of the request its rules see; headers and query are JSON text without credentials. */
export type RuledRequest = Pick<PluginInput, 'method' | 'headers' | 'query' | 'contentType' | 'receivedAt'>;

/** Evaluates rules in the sandbox, never here: an expression may take as long as it likes, and its run may not. */
export interface RuleRunner {
  /** @returns what is wrong, by path and with the place in the expression */
  check(
    groupId: GroupId,
    rules: readonly EventRule[],
  ): Promise<{ ok: true; problems: z.infer<typeof rulesCheckedSchema>['problems'] } | RulesStopped>;
  apply(
    owner: RuleOwner,
    rules: IntegrationRules,
    request: RuledRequest,
    events: readonly EventPayload[],
    /** Called when a run is handed to a process. */
    onDispatched?: () => void,
  ): Promise<RulesDone | RulesStopped>;
}

/** Nothing in an expression tells the time or draws lots. */
const journal = { seed: '00'.repeat(32), startedAt: 0, asks: [], batches: [] };

export function createRuleRunner(sandbox: Sandbox, module: string): RuleRunner {
  async function run<T>(
    owner: RuleOwner,
    program: string,
    input: string,
    schema: z.ZodType<T>,
    onDispatched?: () => void,
  ): Promise<{ ok: true; value: T } | RulesStopped> {
    const request: RunRequest = {
      module,
      export: 'ingest',
      input,
      grants: [],
      journal,
      group: owner.groupId,
      installation: owner.integrationId,
      program,
    };
    const ended = await sandbox.run(request, onDispatched);
    if (ended.status === 'failed' && ended.fault === 'sandbox')
      return { ok: false, fault: 'sandbox', code: ended.code, reason: ended.message };
    if (ended.status === 'failed') return stopped(wordsOf(ended.code, ended.message));
    if (ended.status === 'open') return stopped('They asked for something, which rules cannot.');
    const parsed = schema.safeParse(JSON.parse(ended.output));
    return parsed.success ? { ok: true, value: parsed.data } : stopped('Their result has an unexpected shape.');
  }

  async function apply(
    owner: RuleOwner,
    rules: IntegrationRules,
    request: RuledRequest,
    events: readonly EventPayload[],
    onDispatched?: () => void,
  ): Promise<RulesDone | RulesStopped> {
    const head =
      `{"task":"apply","rules":${JSON.stringify(rules.list)},"request":{"method":${JSON.stringify(request.method)},` +
      `"headers":${request.headers},"query":${request.query},"contentType":${JSON.stringify(request.contentType)},` +
      `"receivedAt":"${request.receivedAt}"},"events":`;
    const atOnce = Math.max(1, Math.floor(ruleLimits.evaluationsPerRun / rules.list.length));
    const done: RuledEvent[] = [];
    const errors: RulesApplied['errors'] = [];
    let errorCount = 0;
    for (let from = 0; from < events.length; from += atOnce) {
      const part = events.slice(from, from + atOnce);
      const ran = await run(owner, rules.program, `${head}${JSON.stringify(part)}}`, rulesAppliedSchema, onDispatched);
      if (!ran.ok) return ran;
      errorCount += ran.value.errorCount;
      errors.push(...ran.value.errors.map((error) => ({ ...error, event: error.event + from })));
      for (const [at, event] of part.entries()) {
        const ruled = applyChanges(event, rules.list, ran.value.events[at] ?? {});
        if ('problem' in ruled) {
          errorCount += 1;
          errors.push({ event: from + at, rule: ruled.rule, message: ruled.problem });
        }
        done.push('problem' in ruled ? { before: event, after: event, droppedBy: null, changes: [] } : ruled);
      }
    }
    return { ok: true, events: done, errors: errors.slice(0, ruleLimits.errorsKept), errorCount };
  }

  return {
    apply,
    async check(groupId, rules) {
      const program = rulesOf(groupId, rules)?.program;
      if (program === undefined) return { ok: true, problems: [] };
      const input = JSON.stringify({ task: 'check', rules });
      const ran = await run({ groupId, integrationId: `rules of ${groupId}` }, program, input, rulesCheckedSchema);
      return ran.ok ? { ok: true, problems: ran.value.problems } : ran;
    },
  };
}

function stopped(what: string): RulesStopped {
  return { ok: false, fault: 'plugin', code: 'RULES_STOPPED', reason: `The rules were stopped. ${what}` };
}

function wordsOf(code: ErrorCode, message: string): string {
  if (code === 'PLUGIN_QUARANTINED')
    return 'They broke their limits several times within an hour and are not run until they are changed.';
  if (code === 'OUTPUT_TOO_LARGE') return 'What they set is larger than a run may give.';
  return message;
}
