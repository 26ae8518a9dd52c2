import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventPayloadSchema } from '@patchbay/plugin-sdk/contract/event-payload';
import { eventRuleSchema } from '@patchbay/plugin-sdk/contract/event-rules';
import { newId } from '@patchbay/plugin-sdk/contract/ids';
import { createSandbox, type ProcessSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { rulesOf } from './integration-rules.ts';
import { createRuleRunner, type RuleRunner } from './rule-runner.ts';
import { readRulesModule } from './rules-module.ts';

const GUIDE = fileURLToPath(new URL('../../../../docs/guides/event-rules.md', import.meta.url));
const request = {
  method: 'POST',
  headers: '{}',
  query: '{}',
  contentType: 'application/json',
  receivedAt: '2026-11-27T23:15:00.000Z',
};

describe('the guide to event rules', () => {
  let sandbox: ProcessSandbox;
  let runner: RuleRunner;
  beforeAll(async () => {
    const { sha256, bytes } = await readRulesModule();
    sandbox = createSandbox({ loadModule: () => Promise.resolve(bytes), processes: 1 });
    runner = createRuleRunner(sandbox, sha256);
  });
  afterAll(() => sandbox.close());

  it('has examples that do what it says', async () => {
    const text = await readFile(GUIDE, 'utf8');
    const blocks = [...text.matchAll(/```json (rule|event|result)\n(.*?)```/gs)].map(([, kind, json]) => ({
      kind,
      value: JSON.parse(json ?? '') as unknown,
    }));
    expect(blocks.length).toBeGreaterThan(0);
    for (let at = 0; at < blocks.length; at += 3) {
      const [rule, event, result] = blocks.slice(at, at + 3);
      expect([rule?.kind, event?.kind, result?.kind]).toEqual(['rule', 'event', 'result']);
      const list = [eventRuleSchema.parse(rule?.value)];
      const groupId = newId('group');
      expect(await runner.check(groupId, list)).toEqual({ ok: true, problems: [] });
      const rules = rulesOf('guide', list);
      if (rules === null) throw new Error('no rule');
      const owner = { groupId, integrationId: 'guide' };
      const done = await runner.apply(owner, rules, request, [eventPayloadSchema.parse(event?.value)]);
      expect(done).toMatchObject({ ok: true, errorCount: 0 });
      expect(done.ok && done.events[0]?.after, list[0]?.name).toEqual(result?.value);
    }
  });

  it('knows fixed offsets, and says so where a rule names a time zone', async () => {
    const hour = (zone: string) => ({
      name: 'hour',
      when: 'true',
      then: {
        action: 'set' as const,
        changes: [{ field: 'class', expression: `string(request.received_at.getHours("${zone}"))` }],
      },
    });
    const event = eventPayloadSchema.parse({
      event_action: 'trigger',
      dedup_key: 'k',
      payload: { summary: 's', source: 's', severity: 'info' },
    });
    const at = async (zone: string) => {
      const rules = rulesOf('guide', [hour(zone)]);
      if (rules === null) throw new Error('no rule');
      const done = await runner.apply({ groupId: newId('group'), integrationId: 'guide' }, rules, request, [event]);
      if (!done.ok) throw new Error(done.reason);
      return done.errors[0]?.message ?? done.events[0]?.after?.payload?.class;
    };
    expect(await at('UTC')).toBe('23');
    expect(await at('+02:00')).toBe('1');
    expect(await at('-05:30')).toBe('17');
    expect(await at('Europe/Berlin')).toContain('Time zones are written as UTC or as an offset');
  });
});
