import type { PluginDetail } from '@patchbay/plugin-sdk/contract/rest/plugins';
import { expect, it } from 'vitest';
import { integrationForm } from './integration-form.ts';

const configuration = {
  type: 'object' as const,
  properties: {
    siteUrl: { type: 'string' as const, title: 'Site' },
    severity: { type: 'string' as const, title: 'Severity', enum: ['error', 'info'], default: 'error' },
  },
  required: ['siteUrl'],
};
const form = (provides: string[]) => integrationForm({ provides, configuration } as unknown as PluginDetail);

it('is the whole form of a plugin that only receives requests', () => {
  expect(form(['ingest'])).toEqual(configuration);
});

it('asks of a plugin that also delivers what may differ from its installation, and nothing that is required', () => {
  expect(form(['ingest', 'deliver'])).toEqual({
    type: 'object',
    properties: { severity: { type: 'string', title: 'Severity', enum: ['error', 'info'] } },
    required: [],
  });
});
