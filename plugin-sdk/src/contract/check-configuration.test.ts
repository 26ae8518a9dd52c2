import { describe, expect, it } from 'vitest';
import { checkConfiguration } from './check-configuration.ts';
import { configurationSchemaSchema } from './configuration.ts';

const schema = configurationSchemaSchema.parse({
  properties: {
    site: { type: 'string', title: 'Site', format: 'uri' },
    severity: { type: 'string', title: 'Severity', enum: ['error', 'info'], default: 'error' },
    retries: { type: 'integer', title: 'Retries', minimum: 1, maximum: 5 },
    branches: { type: 'array', title: 'Branches', items: { type: 'string' }, default: [], maxItems: 2 },
    names: { type: 'object', title: 'Names', additionalProperties: { type: 'string' } },
    issues: { type: 'boolean', title: 'Issues', default: true },
  },
  required: ['site'],
});

describe('checkConfiguration', () => {
  it('fills in defaults and leaves out what is optional', () => {
    expect(checkConfiguration(schema, { site: 'https://example.com', severity: '' })).toEqual({
      ok: true,
      values: { site: 'https://example.com', severity: 'error', branches: [], issues: true },
    });
  });

  it.each([
    [{}, 'site'],
    [{ site: '' }, 'site'],
    [{ site: 'ftp://x' }, 'site'],
    [{ site: 'https://a', sight: 1 }, 'sight'],
    [{ site: 'https://a', constructor: 1 }, 'constructor'],
    [{ site: 'https://a', severity: 'fatal' }, 'severity'],
    [{ site: 'https://a', retries: 1.5 }, 'retries'],
    [{ site: 'https://a', retries: 9 }, 'retries'],
    [{ site: 'https://a', branches: ['a', 'b', 'c'] }, 'branches'],
    [{ site: 'https://a', branches: ['a', 1] }, 'branches[1]'],
    [{ site: 'https://a', names: { x: 1 } }, 'names.x'],
    [{ site: 'https://a', issues: 'yes' }, 'issues'],
    [[], ''],
  ])('refuses %j at %s', (values, path) => {
    const checked = checkConfiguration(schema, values);
    expect(!checked.ok && checked.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
