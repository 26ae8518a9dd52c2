import type { ConfigurationSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { expect, it } from 'vitest';
import { newFields } from './new-fields.ts';

const form = (...names: string[]): ConfigurationSchema => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string', title: name }])),
  required: names,
});

it('asks for what the earlier form did not have', () => {
  const asked = newFields(form('room', 'gone'), form('room', 'colour'));
  expect(Object.keys(asked.properties)).toEqual(['colour']);
  expect(asked.required).toEqual(['colour']);
  expect(newFields(undefined, form('room')).required).toEqual(['room']);
});
