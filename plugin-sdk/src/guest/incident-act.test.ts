import { describe, expect, it } from 'vitest';
import { actEvent, actOf, typedAct } from './incident-act.ts';

describe('a button', () => {
  it.each([
    ['patchbay_resolve', 'grafana-1', { verb: 'resolve', key: 'grafana-1' }],
    ['ack:2', 'grafana-1', { verb: 'acknowledge', key: 'grafana-1' }],
    ['x', '{"action":"resolve","dedup_key":"a b"}', { verb: 'resolve', key: 'a b' }],
    ['acknowledge', '{"incident":"inc_1"}', { verb: 'acknowledge', key: 'inc_1' }],
    ['resolve', '{not json', { verb: 'resolve', key: '{not json' }],
    ['unresolved', 'grafana-1', undefined],
    ['background', 'grafana-1', undefined],
    ['resolve', ' ', undefined],
    [null, null, undefined],
  ])('%s %s', (name, value, act) => expect(actOf(name, value)).toEqual(act));
});

describe('typed text', () => {
  it.each([
    ['resolve grafana-1', { verb: 'resolve', key: 'grafana-1' }],
    [' ACK  `key with spaces` ', { verb: 'acknowledge', key: 'key with spaces' }],
    ['resolve', undefined],
    ['help me', undefined],
    ['', undefined],
  ])('%s', (text, act) => expect(typedAct(text)).toEqual(act));
});

it('names the person within the limit', () => {
  const event = actEvent({ verb: 'resolve', key: 'k' }, 'x'.repeat(300));
  expect(event).toMatchObject({ event_action: 'resolve', dedup_key: 'k' });
  expect('actor' in event && event.actor?.length).toBe(255);
});
