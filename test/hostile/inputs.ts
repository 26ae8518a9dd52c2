import { testManifest } from '@patchbay/plugin-sdk/compile/testing/compile-text';
import type { DeliverInput, IngestInput } from '@patchbay/plugin-sdk/contract/envelopes';
import type { Manifest, ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import type { HostilePlugin } from './hostile-plugin.ts';

/** The manifest that the plugin came with: a secret bound to its site, and the permissions that it names. */
export function manifestFor({ run, may }: HostilePlugin, site: string, port: number): Manifest {
  const permissions = JSON.parse((may ?? '{}').replaceAll('"PORT"', String(port))) as NonNullable<
    ManifestInput['permissions']
  >;
  const secret = {
    name: 'apiToken',
    title: 'Token',
    credential: { kind: 'bearer' as const, host: { configuration: 'site' } },
  };
  return testManifest({
    // Only plugins that deliver may have permissions; a module under test exports what it likes.
    provides: [may === undefined ? run : 'deliver'],
    permissions,
    configuration: { properties: { site: { type: 'string', title: 'Site' } } },
    secrets: site === '' ? [] : [secret],
  });
}

export function inputFor(
  run: 'ingest' | 'deliver',
  configuration: Record<string, unknown>,
): IngestInput | DeliverInput {
  return run === 'ingest' ? ingestInput(configuration) : deliverInput(configuration);
}

function ingestInput(configuration: Record<string, unknown>): IngestInput {
  return {
    abi: 1,
    request: {
      id: 'req_hostile',
      receivedAt: '2026-03-01T10:00:00.000Z',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      query: {},
      contentType: 'application/json',
      body: { text: '{"secret":"of the input"}' },
    },
    configuration,
  };
}

function deliverInput(configuration: Record<string, unknown>): DeliverInput {
  return {
    abi: 1,
    change: {
      id: 'chg_1',
      type: 'incident.opened',
      occurredAt: '2026-03-01T10:00:00.000Z',
      incident: {
        id: 'inc_1',
        number: 1,
        status: 'open',
        severity: 'error',
        summary: 'Disk full',
        source: 'db-1',
        dedupKey: 'disk',
        integrationType: 'test',
        service: { id: 'svc_1', name: 'Default' },
        openedAt: '2026-03-01T10:00:00.000Z',
        acknowledgedAt: null,
        resolvedAt: null,
        eventCount: 1,
        url: 'https://patchbay.example/incidents/1',
        links: [],
        customDetails: {},
      },
    },
    delivery: { id: 'dlv_1', attempt: 1 },
    configuration,
  };
}
