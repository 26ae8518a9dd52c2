import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { expect, test } from 'vitest';
import { installState } from './install-state.ts';

const plugin = {
  version: '1.1.0',
  hostApi: '^1.0.0',
  integrationType: 'grafana',
  provides: ['ingest'],
  installed: null,
  versions: [{ version: '1.1.0', publishedAt: '', state: 'published' }],
  checks: [{ name: 'imports', outcome: 'passed', summary: '' }],
} as unknown as PluginDetail;

function kindOf(change: Partial<PluginDetail>, mayInstall = true) {
  return installState({ ...plugin, ...change }, mayInstall, 'Ops');
}

test('a published version that fits leads to the consent', () => {
  expect(kindOf({})).toEqual({ kind: 'ready' });
});

test.each([
  [{ versions: [{ version: '1.1.0', publishedAt: '', state: 'revoked' }] }, /is revoked/],
  [{ hostApi: '^2.0.0' }, /needs a host with interface \^2\.0\.0/],
  [{ checks: [{ name: 'imports', outcome: 'errored' as const, summary: '' }] }, /“imports” did not pass/],
])('%j is blocked with the reason', (change, reason) => {
  expect(kindOf(change)).toMatchObject({ kind: 'blocked', reason: expect.stringMatching(reason) });
});

test('who may not install is told whom to ask', () => {
  expect(kindOf({}, false)).toMatchObject({ kind: 'blocked', reason: expect.stringContaining('admins of Ops') });
});

test('what is installed leads to its installation; only what delivers may be installed once more', () => {
  const installed = { id: 'ins_1', version: '1.1.0' };
  expect(kindOf({ installed })).toEqual({ kind: 'installed', installationId: 'ins_1', again: false });
  expect(kindOf({ installed, integrationType: null, provides: ['deliver'] })).toMatchObject({ again: true });
  expect(kindOf({ installed, provides: ['ingest', 'deliver'] })).toMatchObject({ again: true });
  expect(kindOf({ installed, provides: ['ingest', 'deliver'] }, false)).toMatchObject({
    kind: 'installed',
    again: false,
  });
  expect(kindOf({ installed: { id: 'ins_1', version: '1.0.0' } })).toEqual({
    kind: 'other',
    installationId: 'ins_1',
    version: '1.0.0',
  });
});
