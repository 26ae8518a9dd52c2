import { describe, expect, it } from 'vitest';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { createBodyGate } from './body-gate.ts';

const gate = (schema: Record<string, unknown>, body: unknown) =>
  createBodyGate(schema)(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

const alerts = {
  type: 'object',
  required: ['version', 'alerts'],
  properties: {
    version: { const: '4' },
    alerts: { type: 'array', minItems: 1, items: { $ref: '#/$defs/alert' } },
  },
  $defs: {
    alert: {
      required: ['status'],
      properties: { status: { enum: ['firing', 'resolved'] }, labels: { additionalProperties: { type: 'string' } } },
    },
  },
};

describe('the gate of a schema', () => {
  it('lets pass what fits', () => {
    expect(gate(alerts, { version: '4', alerts: [{ status: 'firing', labels: { a: 'b' } }], more: 1 })).toBeNull();
    expect(gate({}, '[]')).toBeNull();
  });

  it('names the places of what does not', () => {
    const body = { version: '3', alerts: [{ status: 'firing' }, { status: 'lost', labels: { a: 1 } }, {}] };
    const paths = gate(alerts, body)?.issues.map(({ path }) => path) ?? [];
    expect(new Set(paths)).toEqual(new Set(['version', 'alerts[1].status', 'alerts[1].labels.a', 'alerts[2]']));
    expect(gate(alerts, [])?.issues).toEqual([{ path: '', message: expect.stringContaining('object') as string }]);
  });

  it('lets nothing pass that is no JSON', () => {
    for (const body of ['', '{broken', 'a=b'])
      expect(gate({}, body)?.issues).toEqual([{ path: '', message: 'Expected JSON' }]);
  });

  it('lists a bounded number of places', () => {
    const issues = gate(
      { items: { type: 'string' } },
      Array.from({ length: 1000 }, () => 1),
    )?.issues;
    expect(issues).toHaveLength(20);
  });

  it('does not begin what would take too long', () => {
    const schema = { allOf: Array.from({ length: ingestLimits.schemaSize - 1 }, () => true) };
    const body = Array.from({ length: ingestLimits.schemaWork / ingestLimits.schemaSize }, () => 0);
    expect(gate(schema, body.slice(1))).toBeNull();
    expect(gate(schema, [...body, 0])?.issues[0]?.message).toContain('too large');
    const numbers = Array.from({ length: 4000 }, (_, n) => n);
    expect(
      gate(
        { items: { enum: numbers } },
        Array.from({ length: 1000 }, () => 3999),
      )?.issues[0]?.message,
    ).toContain('too large');
    expect(gate(schema, 'x'.repeat(64 * body.length))?.issues[0]?.message).toBe('Expected JSON');
    expect(gate(schema, JSON.stringify('x'.repeat(64 * body.length)))?.issues[0]?.message).toContain('too large');
  });

  it('lets nothing pass when its schema cannot be read', () => {
    expect(gate({ pattern: 'a' }, {})).toMatchObject({ issues: [{ path: 'pattern' }] });
  });
});
