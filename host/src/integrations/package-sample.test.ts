import { describe, expect, it } from 'vitest';
import { sampleOf } from './package-sample.ts';

interface Written {
  request: { body: unknown; query?: Record<string, string>; method?: string };
  expected: unknown;
  configuration?: Record<string, unknown>;
}

function packageOf(fixtures: Record<string, Written>): { files: ReadonlyMap<string, Buffer> } {
  const entries = Object.entries(fixtures).map(([name, fixture]): [string, Buffer] => [
    `fixtures/${name}.json`,
    Buffer.from(JSON.stringify({ description: name, ...fixture })),
  ]);
  return { files: new Map(entries) };
}

const trigger = (payload?: Record<string, string>) => ({
  event_action: 'trigger',
  dedup_key: 'k',
  ...(payload === undefined ? {} : { payload }),
});
const ordinary: Written = {
  request: { body: { status: 'firing', title: 'The disk of db-1 is full' } },
  expected: { outcome: 'events', events: [trigger({ summary: 'The disk of db-1 is full', severity: 'critical' })] },
};
const odd: Written = { request: { body: { t: null } }, expected: { outcome: 'events', events: [trigger()] } };

const bodyOf = (fixtures: Record<string, Written>) => sampleOf(packageOf(fixtures))?.body;

describe('the sample of a plugin', () => {
  it('is the ordinary alert, not the shortest', () => {
    expect(bodyOf({ odd, ordinary })).toBe(JSON.stringify(ordinary.request.body));
    expect(bodyOf({ ordinary, odd })).toBe(JSON.stringify(ordinary.request.body));
  });

  it('opens one incident, although several say more', () => {
    const both: Written = {
      request: { body: [1, 2] },
      expected: { outcome: 'events', events: [trigger(), trigger()] },
    };
    expect(bodyOf({ both, odd })).toBe(JSON.stringify(odd.request.body));
    expect(bodyOf({ both })).toBe('[1,2]');
  });

  it('can be pasted', () => {
    const long: Written = { ...ordinary, request: { body: { title: 'x'.repeat(4_000) } } };
    expect(bodyOf({ long, odd })).toBe(JSON.stringify(odd.request.body));
  });

  it('needs no setting, no query and no other method', () => {
    const needs: Record<string, Written> = {
      setting: { ...ordinary, configuration: { team: 'a' } },
      query: { ...ordinary, request: { ...ordinary.request, query: { a: 'b' } } },
      method: { ...ordinary, request: { ...ordinary.request, method: 'PUT' } },
    };
    expect(bodyOf(needs)).toBeUndefined();
    expect(bodyOf({ ...needs, odd })).toBe(JSON.stringify(odd.request.body));
  });

  it('is at least taken where nothing opens an incident', () => {
    const ignored: Written = { request: { body: { ping: true } }, expected: { outcome: 'ignored' } };
    const invalid: Written = {
      request: { body: { no: true, longer: 'than the other' } },
      expected: { outcome: 'invalid' },
    };
    expect(bodyOf({ invalid, ignored })).toBe('{"ping":true}');
    expect(bodyOf({ invalid })).toBeUndefined();
  });
});
