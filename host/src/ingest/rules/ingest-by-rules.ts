import { boundedText } from '../../store/storable.ts';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import type { DoorIntegration, DoorPlugin } from '../door-integration.ts';
import { callIngest, type PluginOutcome } from '../plugin-call.ts';
import type { PluginInput } from '../plugin-input.ts';
import { moreLogs } from '../request-row.ts';
import type { RuleRunner, RulesDone } from './rule-runner.ts';

export interface IngestByRulesDeps {
  readonly sandbox: Sandbox;
  readonly rules: RuleRunner;
}

type Ruled = Pick<DoorIntegration, 'groupId' | 'integrationId' | 'gate' | 'rules'>;

const LINES = 50;
const REASON_CHARS = 1000;

/**
 * Runs the plugin on a request and then the integration's rules on its events: at the door, late, again and by hand.
 *
 * @param onDispatched called when the last run of them, the plugin's or that of the rules, is handed to a process
 */
export function ingestByRules(
  deps: IngestByRulesDeps,
  integration: Ruled,
  plugin: DoorPlugin,
  input: PluginInput,
  startedAt: number,
  onDispatched?: () => void,
): Promise<PluginOutcome> {
  const called = (told?: () => void): Promise<PluginOutcome> =>
    callIngest(deps.sandbox, plugin, integration, input, startedAt, told);
  if (integration.rules === null) return called(onDispatched);
  return called().then((outcome) => byRules(deps.rules, integration, input, outcome, onDispatched));
}

async function byRules(
  runner: RuleRunner,
  integration: Ruled,
  input: PluginInput,
  outcome: PluginOutcome,
  onDispatched: (() => void) | undefined,
): Promise<PluginOutcome> {
  const { rules } = integration;
  if (rules === null || outcome.outcome !== 'understood' || outcome.result.outcome !== 'events') return outcome;
  const { result, logs } = outcome;
  if (result.events.length === 0) return outcome;
  const done = await runner.apply(integration, rules, input, result.events, onDispatched);
  if (!done.ok) {
    const { fault, code, reason } = done;
    return { outcome: 'failed', fault, code, reason: boundedText(reason, REASON_CHARS), logs };
  }
  const names = rules.list.map(({ name }) => name);
  const events = done.events.flatMap(({ after }) => (after === null ? [] : [after]));
  const failed = failure(done, names);
  const told = moreLogs(logs, linesOf(done, names));
  const answer = result.answer === undefined ? {} : { answer: result.answer };
  if (events.length === 0) {
    const reason = `ignored: ${dropped(done)}`;
    return {
      outcome: 'understood',
      result: { outcome: 'ignored', reason, ...answer },
      ...(failed === null ? {} : { note: { code: 'RULE_FAILED', reason } }),
      logs: told,
    };
  }
  const lost = done.events.length - events.length;
  const partly = lost === 0 ? null : `${lost} of ${done.events.length} events ignored: ${dropped(done)}`;
  const reason = [failed, partly].filter((part) => part !== null).join(' ');
  return {
    outcome: 'understood',
    result: { outcome: 'events', events, ...answer },
    ...(reason === '' ? {} : { note: { code: failed === null ? null : 'RULE_FAILED', reason } }),
    logs: told,
  };
}

function dropped({ events }: RulesDone): string {
  const names = [...new Set(events.flatMap(({ droppedBy }) => (droppedBy === null ? [] : [droppedBy])))];
  return `${names.length === 1 ? 'rule' : 'rules'} ${names.join(', ')}`;
}

function failure({ errors, errorCount }: RulesDone, names: readonly string[]): string | null {
  const [first] = errors;
  if (first === undefined) return null;
  const more = errorCount === 1 ? '' : ` (${errorCount} errors)`;
  return `Rule ${names[first.rule]} failed and was left out: ${first.message}${more}`;
}

function linesOf({ events, errors }: RulesDone, names: readonly string[]): { level: string; message: string }[] {
  const failures = errors.map(({ event, rule, message }) => ({
    level: 'error',
    message: `rule ${names[rule]} failed on event ${event + 1} and was left out: ${message}`,
  }));
  const acts = events.flatMap(({ before, droppedBy, changes }, at) => {
    const which = `event ${at + 1} (${before.dedup_key.slice(0, 80)})`;
    if (droppedBy !== null) return [{ level: 'info', message: `rule ${droppedBy} dropped ${which}` }];
    return changes.map((name) => ({ level: 'info', message: `rule ${name} changed ${which}` }));
  });
  const lines = [...failures, ...acts];
  if (lines.length <= LINES) return lines;
  const left = `${lines.length - LINES} further lines of rules are left out`;
  return [...lines.slice(0, LINES), { level: 'info', message: left }];
}
