import { eventPayloadSchema, type EventPayload } from '@patchbay/plugin-sdk/contract/event-payload';
import { emitAskSchema, type AskAnswer } from '@patchbay/plugin-sdk/contract/journal';
import { deliveryLimits, sandboxLimits } from '@patchbay/plugin-sdk/contract/limits';
import type { Manifest } from '@patchbay/plugin-sdk/contract/manifest';
import { sql, type Transaction } from 'kysely';
import { applyEvents } from '../incidents/apply-events.ts';
import { keyedEvents } from '../ingest/normalise-event.ts';
import type { Database } from '../store/schema.ts';
import { storableText } from '../store/storable.ts';
import type { ClaimedDelivery } from './claim.ts';

/** An event that a connector emitted, and the type under which it is folded. */
export interface EmittedEvent {
  type: string;
  event: EventPayload;
}

/** Where emitted events go: the order of receipt is shared with the door. */
export interface EmitWorld {
  clock: { next(): number };
  publicUrl: string;
}

type Emitted = { ok: true; emitted: EmittedEvent } | { ok: false; answer: AskAnswer };

/**
 * Judges what a connector emits. Its type is the plugin's id and the kind: no integration's type looks like it, so what
 * is emitted ends no incident of a sender.
 *
 * @param position among what this call has emitted, from 1
 */
export function readEmit(
  { id, permissions }: Pick<Manifest, 'id' | 'permissions'>,
  claim: Pick<ClaimedDelivery, 'emitDepth'>,
  position: number,
  request: string,
): Emitted {
  const ask = emitAskSchema.safeParse(JSON.parse(request));
  if (!ask.success) return refused('REQUEST_REFUSED', 'This is no event of a kind');
  const { kind, data } = ask.data;
  if (permissions.emit?.kinds.includes(kind) !== true)
    return refused('PERMISSION_DENIED', `The plugin may not emit events of the kind "${kind}"`);
  if (position > sandboxLimits.eventsPerCall)
    return refused('EMIT_REFUSED', `A call emits at most ${sandboxLimits.eventsPerCall} events`);
  if (claim.emitDepth >= deliveryLimits.emitDepth)
    return refused('EMIT_REFUSED', 'This change comes of an event that a connector emitted, too many times over');
  const event = eventPayloadSchema.safeParse(data);
  if (!event.success) return refused('REQUEST_REFUSED', 'The data of this event does not have the shape of one');
  return { ok: true, emitted: { type: storableText(`${id}/${kind}`), event: event.data } };
}

/**
 * Stores what a call emitted, once for all times that its end is replayed, in the transaction that ends it. The events
 * belong to the service and environment of the incident that was delivered.
 */
export async function storeEmitted(
  trx: Transaction<Database>,
  { clock, publicUrl }: EmitWorld,
  claim: ClaimedDelivery,
  emitted: readonly EmittedEvent[],
): Promise<void> {
  const { installationId, environment } = claim.destination;
  if (emitted.length === 0 || installationId === null) return;
  const { numAffectedRows = 0n } = await sql`
    update deliveries set emitted = true
    where group_id = ${claim.groupId} and delivery_id = ${claim.deliveryId} and not emitted
  `.execute(trx);
  if (numAffectedRows === 0n) return;
  const { service } = claim.change.incident;
  const events = emitted.flatMap(({ type, event }) => {
    const home = {
      groupId: claim.groupId,
      integrationId: null,
      serviceId: service.id as never,
      serviceName: service.name,
      environment,
      type,
      plugin: null,
    };
    return keyedEvents(home, { requestId: null, order: clock.next() }, [event]);
  });
  const origin = { by: installationId, depth: claim.emitDepth + 1 };
  await applyEvents(
    trx,
    events.map((event) => ({ ...event, emitted: origin })),
    publicUrl,
  );
}

function refused(code: 'REQUEST_REFUSED' | 'PERMISSION_DENIED' | 'EMIT_REFUSED', message: string): Emitted {
  return { ok: false, answer: { error: { code, message } } };
}
