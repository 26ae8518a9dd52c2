import {
  defineIntegration,
  delivered,
  failed,
  PatchbayError,
  retry,
  skipped,
  type Change,
  type ChangeType,
  type DeliverContext,
  type DeliverResult,
  type IncidentSnapshot,
  type LinkedObject,
  type OnceSteps,
  type Retry,
} from '@patchbay/plugin-sdk';

interface Settings {
  siteUrl: string;
}

const TOLD: readonly ChangeType[] = ['incident.opened', 'incident.reopened'];

export default defineIntegration<Settings>({ deliver });

async function deliver(change: Change, context: DeliverContext<Settings>): Promise<DeliverResult> {
  if (!TOLD.includes(change.type)) return skipped('Only new incidents get a ticket');
  try {
    const linked = await context.once(`ticket-${change.incident.id}`, steps(change.incident, context));
    return delivered({ note: 'The incident has a ticket', linked });
  } catch (error) {
    if (error instanceof Refused) return error.result;
    if (error instanceof PatchbayError && error.code === 'EGRESS_FAILED') return retry(error.message, 60);
    throw error;
  }
}

/** At most one ticket, whatever is lost on the way: it is looked for by the incident's id before it is made again. */
function steps(incident: IncidentSnapshot, { configuration }: DeliverContext<Settings>): OnceSteps<LinkedObject> {
  const address = new URL('/api/tickets', configuration.siteUrl);
  return {
    lagMs: 2000,
    async find() {
      const found = await answerOf(await fetch(`${address.href}?marker=${incident.id}`, { credential: 'apiToken' }));
      return (found as LinkedObject[])[0];
    },
    async create() {
      const body = JSON.stringify({ marker: incident.id, title: incident.summary, link: incident.url });
      return (await answerOf(await fetch(address, { method: 'POST', credential: 'apiToken', body }))) as LinkedObject;
    },
  };
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  // This service says 403 when it is asked too often, which does not look like a reason to try again.
  const again: Retry = { after: 30, answers: [response] };
  throw new Refused(response.status === 403 ? retry('Too many requests', again) : failed(`HTTP ${response.status}`));
}

class Refused extends Error {
  readonly result: DeliverResult;
  constructor(result: DeliverResult) {
    super('refused');
    this.result = result;
  }
}
