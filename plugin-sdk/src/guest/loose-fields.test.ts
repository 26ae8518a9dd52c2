import { describe, expect, it } from 'vitest';
import { instantText } from './instant.ts';
import { isPlaceholder, looseFields } from './loose-fields.ts';

describe('fields that an operator named', () => {
  it.each([
    [{ alert_id: 7 }, '7'],
    [{ 'ALERT.ID': '7' }, '7'],
    [{ alertId: '7' }, '7'],
    [{ Alert: { ID: '7' } }, '7'],
    [{ data: { alertId: '7' } }, '7'],
    [{ alert_id: '$ALERT_ID', other: { alert_id: '7' } }, '7'],
    [{ alert_id: { a: 1 } }, undefined],
    [{ alert_id: 'null' }, undefined],
  ])('are found in %j', (message, text) => {
    expect(looseFields(message).text('alertId')).toBe(text);
  });

  it('prefers outer fields and the whole path', () => {
    const fields = looseFields({ status: 'outer', monitor: { status: 'inner' } });
    expect(fields.text('status')).toBe('outer');
    expect(fields.text('monitorStatus')).toBe('inner');
  });

  it('looks no deeper than told', () => {
    expect(looseFields({ a: { state: 'x' } }, 1).text('state')).toBeUndefined();
  });

  it.each(['$ALERT_ID', '${latestEvent.node.name}', '${{ALERT.entity_id}}', '{PID}', '{{alert.id}}', '*monitorURL*'])(
    'knows the placeholder %s',
    (text) => expect(isPlaceholder(text)).toBe(true),
  );

  it.each(['$5 off', '{"a":1}', '*', 'plain'])('takes %s for text', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});

it('reads moments in seconds, in milliseconds and as text', () => {
  expect(instantText(1_700_000_000)).toBe('2023-11-14T22:13:20.000Z');
  expect(instantText('1700000000123')).toBe('2023-11-14T22:13:20.123Z');
  expect(instantText('yesterday')).toBe('yesterday');
  expect(instantText(null)).toBeUndefined();
});
