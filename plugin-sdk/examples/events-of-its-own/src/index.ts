import { dedupKey, defineIntegration, delivered } from '@patchbay/plugin-sdk';

export default defineIntegration({
  async deliver({ incident }, { emit }) {
    await emit('flapping', {
      event_action: 'trigger',
      dedup_key: dedupKey('flapping', incident.source),
      payload: { summary: `${incident.source} flaps`, source: incident.source, severity: 'warning' },
    });
    return delivered();
  },
});
