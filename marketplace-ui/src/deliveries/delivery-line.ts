import type { DeliveryDetail } from '@patchbay/plugin-sdk/contract/rest/deliveries';
import { ArrowLeftRight, Bell, Blocks, Send, Ticket, Webhook, Zap } from 'lucide-react';
import { deliveryTone } from '../components/status.tsx';
import { clockWords, durationWords } from '../components/time-words.ts';
import type { TraceNode, TraceStage } from '../components/trace.tsx';

const REQUESTS_SHOWN = 4;

/** A delivery as the line: incident, change, sender, the requests of its last attempt, and the ticket. */
export function deliveryLine(delivery: DeliveryDetail): { stages: TraceStage[]; cables: [string, string][] } {
  const last = delivery.attemptList.toSorted((a, b) => a.number - b.number).at(-1);
  const requests = last?.requests.slice(0, REQUESTS_SHOWN) ?? [];
  const cables: [string, string][] = [
    ['incident', 'change'],
    ['change', 'sender'],
  ];
  const requestNodes: TraceNode[] = requests.map((request) => {
    const id = `request:${request.ask}`;
    cables.push(['sender', id]);
    return {
      id,
      title: `${request.method} ${hostOf(request.url)}`,
      about: `${request.status ?? 'no answer'}${request.durationMs === null ? '' : ` in ${durationWords(request.durationMs)}`}`,
      icon: ArrowLeftRight,
      tone: request.status !== null && request.status < 400 ? 'good' : 'serious',
    };
  });
  const stages: TraceStage[] = [
    {
      name: 'Incident',
      nodes: [{ id: 'incident', title: `Incident ${delivery.incidentNumber}`, about: delivery.summary, icon: Bell }],
    },
    {
      name: 'Change',
      nodes: [
        { id: 'change', title: delivery.changeType, about: clockWords(Date.parse(delivery.createdAt)), icon: Zap },
      ],
    },
    {
      name: delivery.plugin ? 'Connector' : 'Webhook',
      nodes: [
        {
          id: 'sender',
          title: delivery.destinationName,
          about: `${delivery.state}, ${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}`,
          icon: delivery.plugin ? Blocks : delivery.destinationKind === 'webhook' ? Webhook : Send,
          tone: deliveryTone(delivery.state),
        },
      ],
      ...(last ? { gap: `+${durationWords(Date.parse(last.startedAt) - Date.parse(delivery.createdAt))}` } : {}),
    },
    {
      name: last && last.number > 1 ? `Requests of attempt ${last.number}` : 'Requests',
      nodes:
        requestNodes.length > 0
          ? requestNodes
          : [{ id: 'no-request', title: 'No request', about: last ? 'none was made' : 'not started', empty: true }],
      hidden: (last?.requests.length ?? 0) - requests.length,
    },
  ];
  if (delivery.linked) {
    for (const node of requestNodes.slice(-1)) cables.push([node.id, 'ticket']);
    stages.push({
      name: 'Ticket',
      nodes: [{ id: 'ticket', title: delivery.linked.key, about: hostOf(delivery.linked.href), icon: Ticket }],
    });
  }
  return { stages, cables };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
