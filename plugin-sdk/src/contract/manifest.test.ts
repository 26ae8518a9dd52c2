import { expect, it } from 'vitest';
import { manifestSchema } from './manifest.ts';

const manifest = {
  id: 'acme/probe',
  version: '1.0.0',
  hostApi: '^1.0.0',
  name: 'Probe',
  summary: 'Takes alerts of probes.',
  licence: 'MIT',
  categories: ['monitoring'],
  provides: ['ingest'],
  integrationType: 'probe',
};
const issuesWith = (change: object) =>
  manifestSchema
    .safeParse({ ...manifest, ...change })
    .error?.issues.map(({ path, message }) => [path.join('.'), message]);

it('a manifest may say that the plugin is free, and no other price', () => {
  expect(issuesWith({})).toBeUndefined();
  expect(issuesWith({ pricing: { model: 'free' } })).toBeUndefined();
  expect(issuesWith({ pricing: { model: 'monthly' } })).toEqual([
    ['pricing.model', 'Reserved: every plugin is free, and there is no other model'],
  ]);
  expect(issuesWith({ pricing: { model: 'free', price: 5 } })).toEqual([['pricing', expect.stringContaining('price')]]);
});

it('a manifest that names environments is refused, so that nobody believes in a bound that there is not', () => {
  for (const environments of [[], ['staging']])
    expect(issuesWith({ environments })).toEqual([['environments', expect.stringMatching(/^Reserved: /)]]);
});
