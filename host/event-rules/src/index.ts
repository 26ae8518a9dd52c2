import type { RulesTask } from '@patchbay/plugin-sdk/contract/event-rules';
import { applyRules } from './apply-rules.ts';
import { checkRules } from './check-rules.ts';

/**
 * Evaluates an integration's rules inside the sandbox: whatever an expression does, it has the time, the memory and the
 * output of one run and nothing else. The host calls the export that plugins have for requests, with a task of its own.
 */
export default {
  ingest(input: RulesTask): unknown {
    return input.task === 'check' ? { problems: checkRules(input.rules) } : applyRules(input);
  },
};
