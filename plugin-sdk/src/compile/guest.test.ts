import { beforeAll, describe, expect, it } from 'vitest';
import type { AskAnswer } from '../contract/journal.ts';
import { ingestOutputSchema } from '../contract/envelopes.ts';
import { allPermissions, compiled } from './testing/compile-text.ts';
import { START, TestPlugin, type TestJournal } from './testing/run-in-process.ts';

const request = (changes: Record<string, unknown> = {}) => ({
  abi: 1,
  request: {
    id: 'req_1',
    receivedAt: '2026-01-01T00:00:00.000Z',
    method: 'POST',
    headers: { 'x-event': 'alert' },
    query: { tag: ['a', 'b'] },
    contentType: 'application/json',
    body: { text: '{}' },
    ...changes,
  },
  configuration: { source: 'here' },
});

describe('ingest', () => {
  let plugin: TestPlugin;
  const run = (body: string, changes: Record<string, unknown> = {}) => {
    const done = plugin.run('ingest', request({ body: { text: body }, ...changes }));
    expect(done.error).toBeUndefined();
    const parsed = ingestOutputSchema.safeParse(done.output);
    expect(parsed.error).toBeUndefined();
    return done.output as { result: Record<string, unknown> };
  };

  beforeAll(async () => {
    const { wasm } = await compiled(`
      import { accepted, defineIntegration, ignored, invalid } from '@patchbay/plugin-sdk';
      const event = { event_action: 'resolve' as const, dedup_key: 'k' };
      export default defineIntegration<{ source: string }>({
        async ingest(request, { configuration, log }) {
          const { kind } = request.json() as { kind: string };
          log.info('kind', { kind, source: configuration.source });
          console.warn('seen', { kind });
          if (kind === 'one') return event;
          if (kind === 'many') return [event, event];
          if (kind === 'ignored') return ignored('ping', { status: 200, body: 'pong', contentType: 'text/plain' });
          if (kind === 'invalid') return invalid('no', [{ path: 'a', message: 'b' }]);
          if (kind === 'accepted') return accepted(event, { status: 204 });
          if (kind === 'read') return ignored(JSON.stringify([request.header('X-Event'), request.header('none') ?? null,
            request.queryValue('tag'), request.queryValue('constructor') ?? null, request.query.tag]));
          return undefined as never;
        },
      });`);
    plugin = new TestPlugin(wasm);
  });

  it('gives events', () => {
    const event = { event_action: 'resolve', dedup_key: 'k' };
    expect(run('{"kind":"one"}')).toEqual({ abi: 1, result: { outcome: 'events', events: [event] } });
    expect(run('{"kind":"many"}').result.events).toEqual([event, event]);
    expect(run('{"kind":"accepted"}').result).toMatchObject({ outcome: 'events', answer: { status: 204 } });
  });

  it('gives reasons', () => {
    expect(run('{"kind":"ignored"}').result).toEqual({
      ...{ outcome: 'ignored', reason: 'ping' },
      answer: { status: 200, body: 'pong', contentType: 'text/plain' },
    });
    expect(run('{"kind":"invalid"}').result).toEqual({
      ...{ outcome: 'invalid', reason: 'no' },
      issues: [{ path: 'a', message: 'b' }],
    });
  });

  it('reads headers and query', () => {
    expect(run('{"kind":"read"}').result.reason).toBe('["alert",null,"a",null,["a","b"]]');
  });

  it('reads a body of bytes, and one with a byte order mark', () => {
    const base64 = Buffer.from('{"kind":"one"}').toString('base64');
    expect(run('', { body: { base64 } }).result.outcome).toBe('events');
    expect(run('\ufeff{"kind":"one"}').result.outcome).toBe('events');
  });

  it.each([
    ['', 'The body is empty'],
    ['no', 'line 1, column 1 (offset 0)'],
    ['{"a":1,}', 'line 1, column 8 (offset 7)'],
    ['{"a":\n tru}', 'line 2, column 2 (offset 7)'],
    ['[1,2', 'line 1, column 5 (offset 4)'],
    ['{"a":"\n"}', 'line 1, column 6 (offset 5)'],
    ['[1 2]', 'line 1, column 4 (offset 3)'],
    ['{"a" 1}', 'line 1, column 6 (offset 5)'],
    ['[]]', 'line 1, column 3 (offset 2)'],
  ])('refuses %j with the place', (body, place) => {
    const { result } = run(body);
    expect(result.outcome).toBe('invalid');
    expect(result.reason).toContain(place);
  });

  it('writes log and console', () => {
    expect(plugin.run('ingest', request({ body: { text: '{"kind":"one"}' } })).logs).toEqual([
      { level: 'info', message: 'kind', fields: { kind: 'one', source: 'here' } },
      { level: 'warn', message: 'seen {"kind":"one"}' },
    ]);
  });

  it('fails when it gives nothing', () => {
    const { error } = plugin.run('ingest', request());
    expect(error).toMatchObject({ name: 'TypeError' });
    expect(error?.message).toContain('ignored(...)');
  });

  it('reads forms', async () => {
    const { wasm } = await compiled(`
      import { defineIntegration, ignored } from '@patchbay/plugin-sdk';
      export default defineIntegration({
        ingest: (request) => ignored(JSON.stringify([request.form().getAll('a'), request.formJson('payload')])),
      });`);
    const forms = new TestPlugin(wasm);
    const body = { text: 'a=1+2&a=%C3%A9&payload=%7B%22x%22%3A1%7D' };
    expect(forms.run('ingest', request({ body })).output).toMatchObject({
      result: { reason: '[["1 2","é"],{"x":1}]' },
    });
    expect(forms.run('ingest', request({ body: { text: 'a=1' } })).output).toMatchObject({
      result: { outcome: 'invalid', issues: [{ path: 'payload', message: 'Missing' }] },
    });
  });
});

/** Answers each ask in a batch of its own, as the given function says, until there is an output. */
function drive(
  plugin: TestPlugin,
  input: unknown,
  answer: (request: Record<string, unknown>, number: number) => AskAnswer | undefined,
) {
  const journal: TestJournal = { asks: [], batches: [] };
  const answered = new Set<number>();
  for (;;) {
    const run = plugin.run('deliver', input, journal);
    journal.asks = run.asks;
    const open = run.asks
      .map(({ request: text }, number) => ({ number, answer: answer(JSON.parse(text), number) }))
      .filter((entry) => !answered.has(entry.number) && entry.answer !== undefined);
    const [next] = open;
    if (run.output !== undefined || run.error !== undefined || next === undefined) return { run, journal };
    answered.add(next.number);
    const at = START + 1000 * (journal.batches.length + 1);
    journal.batches.push({ at, answers: [[next.number, next.answer as AskAnswer]] });
  }
}

const http = (status: number, body: unknown): AskAnswer => ({
  ok: { status, headers: { 'content-type': 'application/json' }, body: { text: JSON.stringify(body) } },
});
const deliverOptions = { provides: ['deliver' as const], permissions: allPermissions };
const change = {
  abi: 1,
  change: { incident: { id: 'inc_1' } },
  delivery: { id: 'dlv_1', attempt: 1 },
  configuration: {},
};

describe('deliver', () => {
  it('asks with what fetch was given and reads the answer', async () => {
    const { wasm, sourceMap } = await compiled(
      `import { defineIntegration, delivered } from '@patchbay/plugin-sdk';
       export default defineIntegration({
         async deliver() {
           const response = await fetch(new URL('/x?y=1', 'https://api.example.com'), {
             method: 'post', headers: { 'X-A': 'b' }, body: new URLSearchParams({ q: 'ä b' }), credential: 'apiToken', repeatable: true });
           const bytes = await fetch('https://api.example.com/bytes').then((answer) => answer.bytes());
           return delivered({ note: [response.status, response.ok, response.headers.get('Content-Type'),
             JSON.stringify(await response.json()), bytes.join('.')].join(' ') });
         },
       });`,
      deliverOptions,
    );
    expect(sourceMap).toContain('src/index.ts');
    const { run } = drive(new TestPlugin(wasm), change, (_request, number) =>
      number === 0 ? http(201, { key: 1 }) : { ok: { status: 200, headers: {}, body: { base64: '/wA=' } } },
    );
    expect(run.output).toEqual({
      abi: 1,
      result: { outcome: 'delivered', note: '201 true application/json {"key":1} 255.0' },
    });
    expect(run.asks.map(({ kind, request: text }) => [kind, JSON.parse(text) as unknown])[0]).toEqual([
      'http',
      {
        url: 'https://api.example.com/x?y=1',
        method: 'POST',
        headers: { 'x-a': 'b', 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
        body: { text: 'q=%C3%A4+b' },
        credential: 'apiToken',
        repeatable: true,
      },
    ]);
  });

  it('creates once, and finds what an unanswered create has made', async () => {
    const { wasm } = await compiled(
      `import { defineIntegration, delivered } from '@patchbay/plugin-sdk';
       export default defineIntegration({
         async deliver(change, { once }) {
           const issue = await once('issue-' + change.incident.id, {
             find: async () => (await (await fetch('https://api.example.com/find')).json()) as { key: string } | undefined ?? undefined,
             create: async () => (await (await fetch('https://api.example.com/create', { method: 'POST' })).json()) as { key: string },
             lagMs: 500,
           });
           return delivered({ note: issue.key });
         },
       });`,
      deliverOptions,
    );
    const plugin = new TestPlugin(wasm);
    const steps = (asks: { request: string }[]) =>
      asks.map(({ request: text }) => {
        const ask = JSON.parse(text) as { op?: string; url?: string };
        return ask.op ?? ask.url?.split('/').at(-1);
      });
    const stored = drive(plugin, change, () => ({ ok: { value: { key: 'K-1' }, version: 3 } }));
    expect(stored.run.output).toMatchObject({ result: { note: 'K-1' } });
    expect(steps(stored.run.asks)).toEqual(['get']);

    const world = (unknown: boolean) => {
      let finds = 0;
      const answers = new Map<number, AskAnswer>();
      return (ask: Record<string, unknown>, number: number): AskAnswer => {
        const known = answers.get(number);
        if (known !== undefined) return known;
        let answer: AskAnswer = { ok: { version: ask.op === 'set' ? 1 : 0 } };
        if (ask.op === 'sleep') answer = { ok: null };
        if (String(ask.url).endsWith('find')) answer = http(200, finds++ === 0 ? null : { key: 'K-found' });
        if (String(ask.url).endsWith('create'))
          answer = unknown ? { error: { code: 'OUTCOME_UNKNOWN', message: 'lost' } } : http(201, { key: 'K-new' });
        answers.set(number, answer);
        return answer;
      };
    };
    const created = drive(plugin, change, world(false));
    expect(steps(created.run.asks)).toEqual(['get', 'find', 'get', 'set', 'create', 'delete', 'set']);
    expect(created.run.output).toMatchObject({ result: { note: 'K-new' } });
    const found = drive(plugin, change, world(true));
    expect(steps(found.run.asks)).toEqual(['get', 'find', 'get', 'set', 'create', 'sleep', 'find', 'delete', 'set']);
    expect(found.run.output).toMatchObject({ result: { note: 'K-found' } });
  });

  it('has timers and timeouts that count in batches', async () => {
    const { wasm } = await compiled(
      `import { defineIntegration, delivered } from '@patchbay/plugin-sdk';
       export default defineIntegration({
         async deliver() {
           const order: string[] = [];
           const cancelled = setTimeout(() => order.push('never'), 5);
           clearTimeout(cancelled);
           await new Promise<void>((resolve) => setTimeout((word: string) => { order.push(word); resolve(); }, 10, 'timer'));
           const slow = fetch('https://api.example.com/slow', { signal: AbortSignal.timeout(20) });
           order.push(await slow.then(() => 'answer', (error: Error) => error.name));
           return delivered({ note: order.join() });
         },
       });`,
      deliverOptions,
    );
    const { run } = drive(new TestPlugin(wasm), change, (ask) => (ask.op === 'sleep' ? { ok: null } : undefined));
    expect(run.output).toMatchObject({ result: { note: 'timer,TimeoutError' } });
  });

  it('gives errors of the host as PatchbayError, with the stack of the place that asked', async () => {
    const { wasm } = await compiled(
      `import { defineIntegration, delivered, PatchbayError } from '@patchbay/plugin-sdk';
       export default defineIntegration({
         async deliver(change, { store }) {
           try { await store.set('a', 1, { ifVersion: 2 }); } catch (error) {
             if (!(error instanceof PatchbayError)) throw error;
             if (change.incident.id === 'rethrow') throw error;
             return delivered({ note: error.code + ' ' + error.message + ' ' + (error instanceof Error) });
           }
           return delivered();
         },
       });`,
      deliverOptions,
    );
    const plugin = new TestPlugin(wasm);
    const conflict = (): AskAnswer => ({ error: { code: 'CONFLICT', message: 'version 3' } });
    expect(drive(plugin, change, conflict).run.output).toMatchObject({ result: { note: 'CONFLICT version 3 true' } });
    const { error } = drive(plugin, { ...change, change: { incident: { id: 'rethrow' } } }, conflict).run;
    expect(error).toMatchObject({ name: 'PatchbayError', code: 'CONFLICT' });
    expect(error?.stack).toContain('plugin.js');
  });

  it('blocks in Http.request until the answer is there', async () => {
    const { wasm } = await compiled(
      `export function deliver() {
         const one = Http.request({ url: 'https://api.example.com/1' });
         const two = Http.request({ url: 'https://api.example.com/2', method: 'POST' }, one.body);
         Host.outputString(JSON.stringify([Config.get('site'), Config.get('constructor'), two.status, two.body, JSON.parse(Host.inputString()).abi]));
       }`,
      deliverOptions,
    );
    const input = { ...change, configuration: { site: 'x' } };
    const { run } = drive(new TestPlugin(wasm), input, (_ask, number) => http(200, number));
    expect(run.output).toEqual(['x', null, 200, '1', 1]);
    expect(run.asks.map(({ request: text }) => (JSON.parse(text) as { body: unknown }).body)).toEqual([
      null,
      { text: '0' },
    ]);
  });
});

describe('an uncaught error', () => {
  it.each([
    ['throw "text"', 'Thrown: text'],
    ['throw { a: 1 }', 'Thrown: {"a":1}'],
    ['throw null', 'Thrown: null'],
    ['throw Object.defineProperty(new Error("x"), "name", { get() { throw 1; } })', 'x'],
    ['throw Object.assign(new Error("m"), { message: { toString() { throw 1; } } })', '{}'],
    ['const loop: { self?: unknown } = {}; loop.self = loop; return loop', 'circular reference'],
    ['const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(1_000_000).fill(1))', 'out of memory'],
    ['let text = "x"; for (;;) text += text', 'string too long'],
    ['queueMicrotask(() => { throw new TypeError("later"); })', 'later'],
  ])('of "%s" is reported', async (code, message) => {
    const { wasm } = await compiled(`export default { ingest() { ${code}; } };`);
    const run = new TestPlugin(wasm).run('ingest', {});
    expect(run.code).toBe(1);
    expect(run.error?.message).toContain(message);
  });
});

describe('globals', () => {
  /** Runs an expression in a plugin. */
  const evaluate = async (expression: string, seed = 7): Promise<unknown> => {
    const { wasm } = await compiled(
      `export default { async ingest() { return await (async () => { ${expression} })(); } };`,
    );
    const plugin = new TestPlugin(wasm);
    plugin.seed = new Uint8Array(32).fill(seed);
    const run = plugin.run('ingest', {});
    expect(run.error).toBeUndefined();
    return run.output;
  };

  it('draws all randomness from the seed', async () => {
    const draw =
      'return [Math.random(), Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(70))]];';
    const [first, again, other] = [await evaluate(draw), await evaluate(draw), await evaluate(draw, 8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const [one, two, uuid, bytes] = first as [number, number, string, number[]];
    expect(one).not.toBe(two);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(bytes).size).toBeGreaterThan(40);
  });

  it('is ChaCha20 over the seed', async () => {
    // RFC 8439, appendix A.1, test vector 1: key, nonce and counter zero.
    const bytes = (await evaluate('return [...crypto.getRandomValues(new Uint8Array(16))];', 0)) as number[];
    expect(Buffer.from(bytes).toString('hex')).toBe('76b8e0ada0f13d90405d6ae55386bd28');
  });

  it('reads the clock of the call', async () => {
    expect(await evaluate('return [Date.now(), new Date().getTime(), new Date().getTimezoneOffset()];')).toEqual([
      START,
      START,
      0,
    ]);
  });

  it('encodes and decodes text', async () => {
    const code = `const bytes = new TextEncoder().encode('aé€😀');
      let refused = false;
      try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0x61, 0xff])); } catch { refused = true; }
      return [[...bytes], new TextDecoder().decode(bytes.subarray(1)), new TextDecoder().decode(new Uint8Array([0x61, 0xff])),
        refused, atob('aGk='), btoa('hi'), new Uint8Array([1, 255]).toHex(), [...new TextEncoder().encode('\\ud800')]];`;
    expect(await evaluate(code)).toEqual([
      [...Buffer.from('aé€😀')],
      ...['é€😀', 'a\ufffd', true, 'hi', 'aGk=', '01ff', [0xef, 0xbf, 0xbd]],
    ]);
  });

  it('clones structures', async () => {
    const code = `const value: Record<string, unknown> = { date: new Date(5), map: new Map([[1, new Set([2])]]), bytes: new Uint8Array([1, 2]) };
      value.self = value;
      const copy = structuredClone(value) as { self: unknown; date: Date; map: Map<number, Set<number>>; bytes: Uint8Array };
      let refused = '';
      try { structuredClone(() => 1); } catch (error) { refused = (error as Error).name; }
      return [copy !== value, copy.self === copy, copy.date.getTime(), [...copy.map.get(1)!], [...copy.bytes], refused];`;
    expect(await evaluate(code)).toEqual([true, true, 5, [2], [1, 2], 'DataCloneError']);
  });

  it('parses URLs as Node does', async () => {
    const inputs: [string, string?][] = [
      ['HTTPS://User:p%40ss@Example.COM:443/a/./b/../c%20d/%2e%2E/x y?q=ä&r=\'"#frag ment'],
      ['http://example.com:8080'],
      ['https://münchen.example/straße'],
      ['https://日本語.example/'],
      ['http://0x7f.1/'],
      ['http://2130706433/'],
      ['http://[::FFFF:1.2.3.4]:80/'],
      ['http://[1:0:0:2::]/'],
      ['https:\\\\example.com\\path'],
      ['https:example.com/no/slashes'],
      ['mailto:someone@example.com?subject=x'],
      ['file:///etc/../passwd'],
      ['data:text/plain,hello world'],
      ['../up?x', 'https://example.com/a/b/c'],
      ['//other.example/p', 'https://example.com/a'],
      ['?only', 'https://example.com/a/b?c#d'],
      ['#hash', 'https://example.com/a/b?c#d'],
      ['/abs', 'https://example.com/a/b'],
      ['', 'https://example.com/a/b?c#d'],
      ['https://example.com/?a=1&a=2&b=%20+'],
      ...[
        'https://',
        'https://exa mple.com/',
        'http://256.256.256.256/',
        'http://a:99999/',
        'no scheme',
        'http://[::1',
        'http://a%00b/',
      ].map((text): [string] => [text]),
    ];
    const parts = [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'hash',
    ] as const;
    const seen = await evaluate(`return ${JSON.stringify(inputs)}.map(([text, base]: string[]) => {
      const url = URL.parse(text!, base);
      return url && ${JSON.stringify(parts)}.map((part: string) => url[part as 'href']).concat(String(url.searchParams));
    });`);
    const expected = inputs.map(([text, base]) => {
      if (!URL.canParse(text, base)) return null;
      const url = new URL(text, base);
      return [...parts.map((part) => url[part]), String(url.searchParams)];
    });
    expect(seen).toEqual(expected);
  });

  it('changes URLs through their parts and parameters', async () => {
    const code = `const url = new URL('https://example.com/a?x=1');
      url.searchParams.append('y', 'ä b'); url.pathname = '/b c/../d'; url.hash = 'e'; url.port = '8443'; url.hostname = 'api.example.com';
      return url.href;`;
    expect(await evaluate(code)).toBe('https://api.example.com:8443/d?x=1&y=%C3%A4+b#e');
  });
});
