import type { IncidentDetail, TimelineEntry } from '@patchbay/plugin-sdk/contract/rest/incidents';
import { describe, expect, it } from 'vitest';
import { incidentLine } from './incident-line.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 5, 15, 12) + ms).toISOString();

function event(id: string, ms: number, requestId: string | null): TimelineEntry {
  return {
    kind: 'event',
    id,
    at: at(ms),
    action: 'trigger',
    effect: 'updated',
    severity: 'error',
    summary: 'x',
    requestId,
    actor: requestId === null ? 'Ada' : null,
    plugin: requestId === null ? null : 'patchbay/grafana',
    pluginVersion: requestId === null ? null : '1.0.0',
    durationMs: 2,
  };
}

function delivery(id: string, ms: number, name: string, state: string, ticket?: string): TimelineEntry {
  return {
    kind: 'delivery',
    id,
    at: at(ms),
    destinationName: name,
    destinationKind: 'connector',
    changeType: 'incident.opened',
    state,
    attempts: 1,
    finishedAt: state === 'delivered' ? at(ms + 900) : null,
    message: null,
    linked: ticket ? { key: ticket, href: `https://jira.example/browse/${ticket}` } : null,
  };
}

function incident(timeline: TimelineEntry[]): IncidentDetail {
  return {
    id: 'inc_1',
    number: 7,
    status: 'open',
    severity: 'error',
    summary: 'x',
    source: 's',
    type: 'grafana',
    environment: 'production',
    dedupKey: 'k',
    serviceId: 'svc_1',
    serviceName: 'Shop',
    openedAt: at(0),
    updatedAt: at(0),
    acknowledgedAt: null,
    resolvedAt: null,
    eventCount: 1,
    linked: [],
    previousIncidentId: null,
    links: [],
    customDetails: {},
    timeline,
  };
}

const names = (line: ReturnType<typeof incidentLine>) => line.stages.map((stage) => stage.name);

describe('incidentLine', () => {
  it('joins request, plugin, event, incident, delivery and ticket', () => {
    const line = incidentLine(
      incident([event('evt_1', 0, 'req_1'), delivery('dlv_1', 40, 'Jira', 'delivered', 'OPS-1')]),
      at(-41),
    );
    expect(names(line)).toEqual(['Request', 'Plugin', 'Event', 'Incident', 'Deliveries', 'Ticket']);
    expect(line.cables).toEqual([
      ['request:req_1', 'plugin:patchbay/grafana@1.0.0'],
      ['plugin:patchbay/grafana@1.0.0', 'event:evt_1'],
      ['event:evt_1', 'incident:inc_1'],
      ['incident:inc_1', 'delivery:dlv_1'],
      ['delivery:dlv_1', 'ticket:OPS-1'],
    ]);
    expect(line.stages.map((stage) => stage.gap)).toEqual([
      undefined,
      undefined,
      '+41 ms',
      undefined,
      '+40 ms',
      '+900 ms',
    ]);
  });

  it('says that nobody listens, and draws no ticket', () => {
    const line = incidentLine(incident([event('evt_1', 0, 'req_1')]), null);
    expect(line.stages.at(-1)?.nodes[0]).toMatchObject({ title: 'No delivery', empty: true });
  });

  it('leaves out acts by hand, and counts what it does not draw', () => {
    const events = Array.from({ length: 9 }, (_, index) => event(`evt_${index}`, index, `req_${index}`));
    const line = incidentLine(incident([...events, event('evt_hand', 99, null)]), null);
    const stage = line.stages.find((one) => one.name === 'Event');
    expect(stage?.nodes.map((node) => node.id)).toEqual(['event:evt_0', 'event:evt_7', 'event:evt_8']);
    expect(stage?.hidden).toBe(6);
  });

  it('shows the newest delivery of a destination with its ticket, the failed one first', () => {
    const line = incidentLine(
      incident([
        event('evt_1', 0, 'req_1'),
        delivery('dlv_1', 1, 'Jira', 'delivered', 'OPS-1'),
        delivery('dlv_2', 2, 'Page', 'dead'),
        delivery('dlv_3', 3, 'Jira', 'queued'),
      ]),
      null,
    );
    const stage = line.stages.find((one) => one.name === 'Deliveries');
    expect(stage?.nodes.map((node) => node.id)).toEqual(['delivery:dlv_2', 'delivery:dlv_3']);
    expect(line.cables).toContainEqual(['delivery:dlv_3', 'ticket:OPS-1']);
  });
});
