import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventRule } from '@patchbay/plugin-sdk/contract/event-rules';
import { ruleLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Incident } from '@patchbay/plugin-sdk/contract/rest/incidents';
import type { Integration, RequestDetail, RulesTried } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { eachDatabase } from '../../../../test/support/databases.ts';
import { until } from '../../../../test/support/until.ts';
import type { Store } from '../../store/open-store.ts';
import { echoPlugin, resolve, trigger, type TestDoor, type TestPlugin } from '../test-door.ts';
import { openRulesDoor, type RulesDoor } from './test-rules-door.ts';

const TOKEN = 'bootstrap-token-for-tests';
const PUBLIC_URL = 'https://patchbay.example.com';
interface Problem {
  error: { code: string; details?: { path: string; message: string }[] };
}

const drop = (name: string, when: string): EventRule => ({ name, when, then: { action: 'drop' } });
const set = (name: string, when: string, ...changes: { field: string; value?: string; expression?: string }[]) =>
  ({ name, when, then: { action: 'set', changes } }) as EventRule;

/** True for a condition that never ends within a run: it looks at ten to the power of `depth` values. */
const endless = (depth: number): string => {
  const open = Array.from({ length: depth }, (_, at) => `[0,1,2,3,4,5,6,7,8,9].all(v${at}, `).join('');
  return `${open}true${')'.repeat(depth)}`;
};
/** Ten to the power of `depth` copies of a text. */
const copies = (depth: number, text: string): string => {
  const open = Array.from({ length: depth }, (_, at) => `[0,1,2,3,4,5,6,7,8,9].map(v${at}, `).join('');
  return `${open}${text}${')'.repeat(depth)}`;
};

eachDatabase('rules over events', (newDatabase) => {
  let rulesDoor: RulesDoor;
  let store: Store;
  let door: TestDoor;
  let plugin = echoPlugin;

  beforeAll(async () => {
    const options = {
      token: TOKEN,
      publicUrl: PUBLIC_URL,
      plugin: (input: Parameters<TestPlugin>[0]) => plugin(input),
    };
    rulesDoor = await openRulesDoor(await newDatabase(), options);
    ({ store, door } = rulesDoor);
  });
  afterAll(() => rulesDoor.close());

  async function call<T>(method: string, path: string, body?: unknown) {
    const response = await fetch(door.url + path, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }
  async function create(rules: EventRule[]): Promise<Integration> {
    const { status, body } = await call<Integration>('POST', '/api/integrations', { type: 'test', name: 'T', rules });
    expect(status, JSON.stringify(body)).toBe(201);
    expect(body.rules).toEqual(rules);
    return body;
  }
  /** Posts to the door. @returns the request once the plugin and the rules have judged it, also when that was late */
  async function send(integration: Integration, body: unknown): Promise<RequestDetail> {
    const response = await fetch(integration.url.replace(PUBLIC_URL, door.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${integration.key}`, 'content-type': 'application/json', 'x-team': 'shop' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(202);
    return judged(((await response.json()) as { requestId: string }).requestId);
  }
  const judged = (id: string): Promise<RequestDetail> =>
    until('a verdict', async () => {
      const { body } = await call<RequestDetail>('GET', `/api/requests/${id}`);
      return body.state === 'pending' && body.attempts === 0 ? undefined : body;
    });
  async function incidentOf(request: RequestDetail): Promise<Incident> {
    const id = request.events[0]?.incidentId;
    return (await call<Incident>('GET', `/api/incidents/${id}`)).body;
  }

  it('drops what a rule drops, and the request log names the rule', async () => {
    const integration = await create([drop('no staging', 'event.dedup_key.startsWith("staging")')]);
    const gone = await send(integration, trigger('staging-1'));
    expect(gone).toMatchObject({ state: 'ignored', status: 202, reason: 'ignored: rule no staging', code: null });
    expect(gone.events).toEqual([]);
    expect(gone.logs).toEqual([{ level: 'info', message: 'rule no staging dropped event 1 (staging-1)' }]);
    const some = await send(integration, [trigger('staging-2'), trigger('kept-1')]);
    expect(some).toMatchObject({ state: 'accepted', reason: '1 of 2 events ignored: rule no staging', code: null });
    expect(some.events.map(({ dedupKey }) => dedupKey)).toEqual(['kept-1']);
  });

  it('sets fields by values and expressions, one rule after the other', async () => {
    const integration = await create([
      set(
        'team',
        'request.headers["x-team"] == "shop"',
        { field: 'severity', value: 'critical' },
        { field: 'summary', expression: '"[" + request.headers["x-team"] + "] " + event.summary' },
        { field: 'component', value: 'checkout' },
        { field: 'custom_details.doubled', expression: 'event.custom_details.free * 2.0' },
        { field: 'dedup_key', expression: '"team/" + event.dedup_key' },
      ),
      drop('not reached', 'event.severity == "error"'),
      set('sees the first', 'event.component == "checkout"', {
        field: 'group',
        expression: 'event.custom_details.doubled',
      }),
    ]);
    const request = await send(integration, trigger('set-1'));
    expect(request).toMatchObject({ state: 'accepted', reason: null, code: null });
    expect(request.events).toMatchObject([{ dedupKey: 'team/set-1', severity: 'critical' }]);
    const stored = await store.db
      .selectFrom('events')
      .select('payload')
      .where('request_id', '=', request.id as never)
      .executeTakeFirstOrThrow();
    expect(stored.payload).toMatchObject({
      payload: { component: 'checkout', group: '2', custom_details: { free: 1, doubled: 2 } },
    });
    expect(await incidentOf(request)).toMatchObject({
      severity: 'critical',
      summary: '[shop] disk full',
      status: 'open',
    });
    const over = await send(integration, resolve('set-1'));
    expect(over.events).toMatchObject([{ dedupKey: 'team/set-1', action: 'resolve' }]);
    expect(await incidentOf(over)).toMatchObject({ status: 'resolved' });
  });

  it('leaves out a rule that fails on an event, and says which and where', async () => {
    const integration = await create([
      set('broken', 'event.custom_details.nothing == 1', { field: 'severity', value: 'info' }),
      set('no severity', 'true', { field: 'severity', expression: 'event.summary' }),
      set('after', 'true', { field: 'class', value: 'disk' }),
    ]);
    const request = await send(integration, trigger('broken-1'));
    expect(request).toMatchObject({ state: 'accepted', code: 'RULE_FAILED', events: [{ severity: 'error' }] });
    expect(request.reason).toBe(
      'Rule broken failed and was left out: when: line 1, column 22: No such key: nothing (2 errors)',
    );
    expect(request.logs.map(({ level }) => level)).toEqual(['error', 'error', 'info']);
    expect(request.logs[1]?.message).toContain('severity is one of critical, error, warning, info, not "disk full"');
  });

  it('refuses rules with mistakes, with the place, and keeps those that were there', async () => {
    const before = [drop('fine', 'event.severity == "info"')];
    const { id } = await create(before);
    const patch = (rules: unknown) => call<Problem>('PATCH', `/api/integrations/${id}`, { rules });
    const refused = await patch([
      drop('syntax', 'event.severity =='),
      drop('name', 'event.severty == "info"'),
      drop('type', 'event.summary'),
      set('values', 'true', { field: 'severity', value: 'loud' }, { field: 'summary', expression: '[event.summary]' }),
    ]);
    expect([refused.status, refused.body.error.code]).toEqual([400, 'BODY_INVALID']);
    expect(refused.body.error.details).toEqual([
      { path: 'rules[0].when', message: 'line 1, column 18: Unexpected token: EOF' },
      { path: 'rules[1].when', message: 'line 1, column 7: No such key: severty' },
      { path: 'rules[2].when', message: 'A condition is true or false; this gives string' },
      {
        path: 'rules[3].then.changes[0].value',
        message: 'severity is one of critical, error, warning, info, not "loud"',
      },
      { path: 'rules[3].then.changes[1].expression', message: 'summary cannot hold list<string>' },
    ]);
    const wrong = [
      [drop('a', 'true'), drop('a', 'false')],
      Array.from({ length: ruleLimits.rulesPerIntegration + 1 }, (_, at) => drop(`${at}`, 'true')),
      [drop('long', `"${'x'.repeat(ruleLimits.expressionChars)}" == ""`)],
      [set('field', 'true', { field: 'event_action', value: 'resolve' })],
      [set('prototype', 'true', { field: 'custom_details.__proto__', value: 'x' })],
    ];
    for (const rules of wrong) expect((await patch(rules)).status).toBe(400);
    expect((await call<Integration>('GET', `/api/integrations/${id}`)).body.rules).toEqual(before);
    expect(
      (await call<Problem>('POST', '/api/integrations', { type: 'test', name: 'T', rules: [drop('x', '(')] })).status,
    ).toBe(400);
  });

  it.each([
    ['a pattern that backtracks without end', drop('evil', `"${'a'.repeat(60)}!".matches("(a+)+$")`)],
    ['a comprehension without end', drop('evil', endless(12))],
    [
      'a result without bounds',
      set('evil', 'true', { field: 'custom_details.x', expression: copies(5, 'event.summary') }),
    ],
  ])('stops %s, keeps the request, and runs it once the rule is mended', async (_name, rule) => {
    const integration = await create([rule]);
    const bystander = await create([drop('other', 'event.severity == "info"')]);
    const [stopped, other] = await Promise.all([
      send(integration, trigger('hostile', 'x'.repeat(1000))),
      send(bystander, trigger('bystander')),
    ]);
    expect(stopped).toMatchObject({ state: 'pending', code: 'RULES_STOPPED', status: 202, events: [] });
    expect(stopped.reason).toMatch(/^The rules were stopped\. ./);
    expect(other).toMatchObject({ state: 'accepted', events: [{ dedupKey: 'bystander' }] });
    await call('PATCH', `/api/integrations/${integration.id}`, { rules: [] });
    const mended = await until('its replay', async () => {
      const { body } = await call<RequestDetail>('POST', `/api/requests/${stopped.id}/replay`);
      return body.state === 'accepted' ? body : undefined;
    });
    expect(mended).toMatchObject({ id: stopped.id, events: [{ dedupKey: 'hostile' }] });
  });

  it('applies the same rules to what is late, to what is tried again and to what is replayed', async () => {
    const rules = [set('quiet', 'true', { field: 'severity', value: 'info' })];
    const integration = await create(rules);
    plugin = async (input) => {
      await sleep(200);
      return echoPlugin(input);
    };
    const late = await send(integration, trigger('late'));
    expect(late).toMatchObject({ state: 'accepted', events: [{ severity: 'info' }] });
    plugin = () => {
      throw new Error('not now');
    };
    const failed = await send(integration, trigger('again'));
    expect(failed).toMatchObject({ state: 'pending', code: 'PLUGIN_ERROR' });
    plugin = echoPlugin;
    const replayed = await call<RequestDetail>('POST', `/api/requests/${failed.id}/replay`);
    expect(replayed.body).toMatchObject({ id: failed.id, state: 'accepted', events: [{ severity: 'info' }] });
    plugin = () => {
      throw new Error('not now');
    };
    const retried = await send(integration, trigger('retried'));
    plugin = echoPlugin;
    const settled = await until('its second attempt', async () => {
      const { body } = await call<RequestDetail>('GET', `/api/requests/${retried.id}`);
      return body.state === 'accepted' ? body : undefined;
    });
    expect(settled.events).toMatchObject([{ severity: 'info' }]);
  });

  it('takes a thousand events through twenty rules', async () => {
    const rules = Array.from({ length: 20 }, (_, at) => drop(`r${at}`, `event.dedup_key == "many-${at}"`));
    const request = await send(
      await create(rules),
      Array.from({ length: 1000 }, (_, at) => trigger(`many-${at}`)),
    );
    expect(request).toMatchObject({ state: 'accepted', eventCount: 980 });
  });

  it('runs nothing for an integration without rules', async () => {
    const integration = await create([]);
    const before = rulesDoor.ran();
    expect(await send(integration, trigger('plain'))).toMatchObject({ state: 'accepted', reason: null, logs: [] });
    expect(rulesDoor.ran()).toBe(before);
  });

  it('shows what rules would do to a stored request or to an event, and stores nothing', async () => {
    const integration = await create([]);
    const request = await send(integration, [trigger('try-1'), trigger('try-2')]);
    const count = () =>
      store.db
        .selectFrom('events')
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirst();
    const before = await count();
    const attempt = (body: unknown, id = integration.id) =>
      call<RulesTried & Problem>('POST', `/api/integrations/${id}/rules/try`, body);
    const rules = [
      drop('first', 'event.dedup_key == "try-1"'),
      set('team', 'request.headers["x-team"] == "shop"', { field: 'severity', value: 'info' }),
      drop('broken', 'event.custom_details.nothing == 1'),
    ];
    const tried = await attempt({ rules, requestId: request.id });
    expect(tried.body).toMatchObject({
      stopped: null,
      reason: null,
      events: [
        { before: { dedup_key: 'try-1' }, after: null, droppedBy: 'first', changedBy: [], errors: [] },
        {
          before: { payload: { severity: 'error' } },
          after: { payload: { severity: 'info', summary: 'disk full' } },
          droppedBy: null,
          changedBy: ['team'],
          errors: [{ rule: 'broken' }],
        },
      ],
    });
    const pasted = await attempt({ rules: [drop('all', 'true')], event: trigger('pasted') });
    expect(pasted.body.events).toMatchObject([{ after: null, droppedBy: 'all' }]);
    expect((await attempt({ rules: [drop('bad', '(')], event: trigger('pasted') })).status).toBe(400);
    const issuesOf = async (body: unknown) => (await attempt(body)).body.error?.details?.map(({ path }) => path);
    expect(await issuesOf({ rules: [{ name: 'no act' }], event: trigger('pasted') })).toContain('rules.0.then');
    expect(await issuesOf({ rules })).toEqual(['requestId']);
    expect(await issuesOf({ rules, requestId: request.id, event: trigger('both') })).toEqual(['requestId']);
    const stopped = await attempt({ rules: [drop('evil', endless(12))], event: trigger('pasted') });
    expect(stopped.body).toMatchObject({ events: [], stopped: { code: 'RULES_STOPPED' } });
    const elsewhere = await create([]);
    expect((await attempt({ rules, requestId: request.id }, elsewhere.id)).body).toMatchObject({
      events: [],
      reason: 'The request is not in the log of this integration.',
    });
    const foreign = await door.addIntegration();
    expect((await attempt({ rules, requestId: request.id }, foreign.integrationId)).status).toBe(404);
    expect(await count()).toEqual(before);
  });
});
