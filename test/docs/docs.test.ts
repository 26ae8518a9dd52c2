import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '@patchbay/host/config/config';
import { configurationSchemaSchema } from '@patchbay/plugin-sdk/contract/configuration';
import {
  deliverInputSchema,
  deliverOutputSchema,
  ingestInputSchema,
  ingestOutputSchema,
} from '@patchbay/plugin-sdk/contract/envelopes';
import { errorCatalogue } from '@patchbay/plugin-sdk/contract/error-codes';
import { exportedCallSchema } from '@patchbay/plugin-sdk/contract/exported-call';
import { eventPayloadSchema } from '@patchbay/plugin-sdk/contract/event-payload';
import { manifestSchema } from '@patchbay/plugin-sdk/contract/manifest';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('published JSON Schemas', () => {
  const schemas = {
    plugin: manifestSchema,
    configuration: configurationSchemaSchema,
    'event-payload': eventPayloadSchema,
    'ingest-input': ingestInputSchema,
    'ingest-output': ingestOutputSchema,
    'deliver-input': deliverInputSchema,
    'deliver-output': deliverOutputSchema,
    'exported-call': exportedCallSchema,
  };

  it.each(Object.entries(schemas))('%s.json is what the contract says', async (name, schema) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(`${root}plugin-sdk/schema/${name}.json`);
  });
});

describe('the reference', () => {
  it('lists every error code, and only those', async () => {
    await expect(errorsPage()).toMatchFileSnapshot(`${root}docs/reference/errors.md`);
  });

  it('documents every command, option and exit code of the command line, and only those', async () => {
    await expect(cliPage()).toMatchFileSnapshot(`${root}docs/reference/cli.md`);
  });

  it('gives every error a meaning and a remedy that are sentences', () => {
    for (const [code, { means, remedy }] of Object.entries(errorCatalogue)) {
      expect(means, code).toMatch(/^[A-Z].*[.]$/);
      expect(remedy, code).toMatch(/^[A-Z].*[.]$/);
    }
  });

  it('documents every setting of the environment, and only those', async () => {
    const example = await readFile(`${root}.env.example`, 'utf8');
    const documented = [...example.matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name).sort();
    expect(documented).toEqual(Object.keys(configSchema.shape).sort());
  });
});
