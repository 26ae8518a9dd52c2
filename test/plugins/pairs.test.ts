import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseFixture } from '@patchbay/plugin-sdk/package/fixture';
import { ingestPlugins, pluginFolder } from './plugin-run.ts';

/** Senders that never say that anything is over, or whose messages are acts of people on incidents of others. */
const NEVER_OVER = new Set(['discord', 'dockerhub', 'slack', 'twilio']);

/** The keys that the fixtures of a plugin expect of an action; that a run gives them is what fixtures.test.ts shows. */
function expectedKeys(name: string, action: string): Set<unknown> {
  const folder = `${pluginFolder(name)}/fixtures`;
  const events = readdirSync(folder).flatMap((file) => {
    const reading = parseFixture(readFileSync(`${folder}/${file}`, 'utf8'));
    return reading.ok ? (reading.fixture.expected.events ?? []) : [];
  });
  return new Set(
    events.flatMap((event) =>
      event.event_action === action && event.dedup_key !== undefined ? [event.dedup_key] : [],
    ),
  );
}

describe('what begins and what ends', () => {
  it.each(ingestPlugins().filter((name) => !NEVER_OVER.has(name)))('have the same key in %s', (name) => {
    const triggers = expectedKeys(name, 'trigger');
    const pairs = [...expectedKeys(name, 'resolve')].filter((key) => triggers.has(key));
    expect(pairs.length).toBeGreaterThan(0);
  });

  it.each(ingestPlugins().filter((name) => NEVER_OVER.has(name)))('are never both in %s', (name) => {
    const triggers = expectedKeys(name, 'trigger');
    expect([...expectedKeys(name, 'resolve')].filter((key) => triggers.has(key))).toEqual([]);
  });
});
