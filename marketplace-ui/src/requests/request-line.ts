import type { RequestDetail } from '@patchbay/plugin-sdk/contract/rest/integrations';
import { Bell, Blocks, Inbox, Zap } from 'lucide-react';
import { requestTone, severityTone } from '../components/status.tsx';
import { clockWords, durationWords } from '../components/time-words.ts';
import type { TraceStage } from '../components/trace.tsx';

const EVENTS_SHOWN = 4;

/** A request as the line: what came, the plugin that read it, events and incidents. It ends where it was refused. */
export function requestLine(request: RequestDetail): { stages: TraceStage[]; cables: [string, string][] } {
  const events = request.events.slice(0, EVENTS_SHOWN);
  const cables: [string, string][] = [];
  const incidents = [...new Set(events.flatMap((event) => event.incidentId ?? []))];
  const stages: TraceStage[] = [
    {
      name: 'Request',
      nodes: [
        {
          id: 'request',
          title: `${request.method}, ${request.state}`,
          about: clockWords(Date.parse(request.receivedAt)),
          icon: Inbox,
          tone: requestTone(request.state),
        },
      ],
    },
  ];
  // A request that was refused has a plugin for which it was meant, and which has never seen it.
  if (request.plugin === null || request.state === 'refused') {
    stages.push({
      name: 'Plugin',
      nodes: [{ id: 'no-plugin', title: 'Not reached', about: `answered ${request.status} at the door`, empty: true }],
    });
    return { stages, cables };
  }
  cables.push(['request', 'plugin']);
  stages.push({
    name: 'Plugin',
    nodes: [
      {
        id: 'plugin',
        title: request.plugin.slice(request.plugin.indexOf('/') + 1),
        about: `${request.pluginVersion ?? ''}, answered in ${durationWords(request.durationMs)}`,
        icon: Blocks,
      },
    ],
  });
  if (events.length === 0) {
    stages.push({ name: 'Events', nodes: [{ id: 'no-event', title: 'No event', about: request.state, empty: true }] });
    return { stages, cables };
  }
  stages.push({
    name: events.length === 1 ? 'Event' : 'Events',
    hidden: request.events.length - events.length,
    nodes: events.map((event) => {
      cables.push(['plugin', `event:${event.id}`]);
      if (event.incidentId) cables.push([`event:${event.id}`, `incident:${event.incidentId}`]);
      return {
        id: `event:${event.id}`,
        title: `${event.action}, ${event.effect}`,
        about: event.summary ?? event.dedupKey,
        icon: Zap,
        ...(event.severity ? { tone: severityTone(event.severity) } : {}),
      };
    }),
  });
  if (incidents.length > 0) {
    stages.push({
      name: incidents.length === 1 ? 'Incident' : 'Incidents',
      nodes: incidents.map((id) => ({
        id: `incident:${id}`,
        title: 'Incident',
        about: events.find((event) => event.incidentId === id)?.summary ?? id,
        icon: Bell,
      })),
    });
  }
  return { stages, cables };
}
