import { describe, expect, it } from 'vitest';
import { sampleOf } from './package-sample.ts';

const fixture = (request: object, expected: object, more: object = {}) =>
  Buffer.from(JSON.stringify({ description: 'One', request, expected, ...more }));
const opens = { outcome: 'events', events: [{ event_action: 'trigger' }] };
const bodyOf = (files: Record<string, Buffer>) => sampleOf({ files: new Map(Object.entries(files)) })?.body;

describe('the sample of a package', () => {
  it('is the request that the package names, also where nothing comes of it', () => {
    const files = {
      'fixtures/a.json': fixture({ body: 'a' }, opens),
      'fixtures/b.json': fixture({ body: 'named' }, { outcome: 'ignored' }, { sample: true }),
    };
    expect(bodyOf(files)).toBe('named');
  });

  it('is otherwise the ordinary alert: what opens one incident, of which most is expected', () => {
    const most = { outcome: 'events', events: [{ event_action: 'trigger', payload: { summary: 'Disk full' } }] };
    const files = {
      'fixtures/a.json': fixture({ body: 'odd' }, opens),
      'fixtures/b.json': fixture({ body: 'ordinary' }, most),
      'fixtures/c.json': fixture({ body: 'by setting' }, most, { configuration: { severity: 'info' } }),
      'fixtures/d.json': fixture({ body: 'resolved' }, { outcome: 'events', events: [{ event_action: 'resolve' }] }),
      'fixtures/e.json': fixture({ body: 'several' }, { outcome: 'events', events: [...most.events, ...most.events] }),
      'fixtures/f.json': fixture({ body: 'x'.repeat(4_000) }, { ...most, events: [...most.events] }),
      'src/g.json': fixture({ body: 'no fixture' }, most),
    };
    expect(bodyOf(files)).toBe('ordinary');
  });

  it('is at least taken where nothing opens an incident', () => {
    const files = {
      'fixtures/a.json': fixture({ body: 'resolved' }, { outcome: 'events', events: [{ event_action: 'resolve' }] }),
      'fixtures/b.json': fixture({ body: 'a ping' }, { outcome: 'ignored' }),
    };
    expect(bodyOf(files)).toBe('a ping');
  });

  it.each([
    ['a request that is refused', { body: 'x' }, { outcome: 'invalid' }],
    ['one that no command can post', { body: 'x', method: 'GET' }, opens],
    ['one with parameters that the address does not have', { body: 'x', query: { a: 'b' } }, opens],
  ])('is not %s', (_what, request, expected) => {
    expect(bodyOf({ 'fixtures/a.json': fixture(request, expected, { sample: true }) })).toBeUndefined();
  });

  it('goes with its headers and content type, JSON unless it says another', () => {
    const request = { body: 'a=b', contentType: 'application/x-www-form-urlencoded', headers: { 'x-event': 'push' } };
    const files = new Map([['fixtures/a.json', fixture(request, opens, { sample: true })]]);
    const { contentType, headers } = request;
    expect(sampleOf({ files })).toEqual({ body: 'a=b', contentType, headers });
    const plain = new Map([['fixtures/a.json', fixture({ body: { a: 1 } }, opens)]]);
    expect(sampleOf({ files: plain })).toEqual({ body: '{"a":1}', contentType: 'application/json', headers: {} });
  });
});
