import { defineIntegration, delivered, type Integration, type IntegrationDefinition } from '@patchbay/plugin-sdk';

const definition: IntegrationDefinition<Record<string, never>> = {
  async deliver(_change, { sleep }) {
    const from = Date.now();
    await sleep(30_000);
    await new Promise<void>((resolve) => setTimeout(resolve, 10_000));
    return delivered({ note: `Waited ${Math.round((Date.now() - from) / 1000)} s` });
  },
};
const integration: Integration = defineIntegration(definition);

export default integration;
