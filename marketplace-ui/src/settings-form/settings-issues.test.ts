import { configurationSchemaSchema } from '@patchbay/plugin-sdk/contract/configuration';
import { describe, expect, test } from 'vitest';
import { configurationOf, draftOf } from './settings-draft.ts';
import { settingsIssues } from './settings-issues.ts';

const schema = configurationSchemaSchema.parse({
  properties: {
    siteUrl: { type: 'string', title: 'Site', format: 'uri' },
    project: { type: 'string', title: 'Project', pattern: '^[A-Z]{2,10}$', examples: ['OPS'] },
    severity: { type: 'string', title: 'Severity', enum: ['critical', 'warning'], default: 'warning' },
    wait: { type: 'integer', title: 'Wait', minimum: 1, maximum: 60 },
    comment: { type: 'boolean', title: 'Comment', default: true },
    labels: { type: 'array', title: 'Labels', items: { type: 'string' }, maxItems: 2 },
    mapping: { type: 'object', title: 'Mapping', additionalProperties: { type: 'string' }, default: { a: 'b' } },
  },
  required: ['siteUrl', 'severity'],
});

describe('the settings form', () => {
  test('starts with stored values, then defaults, then empty controls', () => {
    expect(draftOf(schema, { project: 'OPS' })).toEqual({
      siteUrl: '',
      project: 'OPS',
      severity: 'warning',
      wait: '',
      comment: true,
      labels: [],
      mapping: [{ key: 'a', value: 'b' }],
    });
  });

  test('does not take a stored value from the prototype', () => {
    const named = configurationSchemaSchema.parse({ properties: { constructor: { type: 'string', title: 'C' } } });
    expect(draftOf(named, {})).toEqual({ constructor: '' });
  });

  test('leaves empty controls out, keeps switches, makes numbers of text', () => {
    const draft = { ...draftOf(schema), severity: '', wait: '5', comment: false, labels: [' a ', ''], mapping: [] };
    expect(configurationOf(schema, draft)).toEqual({ wait: 5, comment: false, labels: ['a'] });
  });

  test('wants required fields unless the manifest has a default', () => {
    expect(settingsIssues(schema, { ...draftOf(schema), severity: '' })).toEqual({ siteUrl: 'Fill this in.' });
  });

  test.each([
    ['siteUrl', 'acme.example.net', /http or https URL/],
    ['siteUrl', 'javascript:alert(1)', /http or https URL/],
    ['project', 'ops', /like OPS/],
    ['severity', 'loud', /one of: critical, warning/],
    ['wait', '0', /at least 1/],
    ['wait', '61', /at most 60/],
    ['wait', '1.5', /whole number/],
    ['wait', 'soon', /Expected a number/],
    ['labels', ['a', 'b', 'c'], /at most 2 entries/],
    ['mapping', [{ key: '', value: 'x' }], /needs a name/],
    [
      'mapping',
      [
        { key: 'a', value: '1' },
        { key: 'a ', value: '2' },
      ],
      /is there twice/,
    ],
  ])('%s = %j is refused in words', (name, value, message) => {
    const issues = settingsIssues(schema, { ...draftOf(schema), siteUrl: 'https://acme.example.net', [name]: value });
    expect(Object.keys(issues)).toEqual([name]);
    expect(issues[name]).toMatch(message);
  });
});
