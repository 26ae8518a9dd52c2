import type { Kysely, Transaction } from 'kysely';
import { newId, type GroupId, type IncidentId } from '@patchbay/plugin-sdk/contract/ids';
import type { Actor } from '../api/access.ts';
import { ApiError } from '../api/api-error.ts';
import { audit } from '../identity/audit.ts';
import type { Database } from '../store/schema.ts';
import { boundedText } from '../store/storable.ts';
import { transact } from '../store/transact.ts';
import { applyEvents } from './apply-events.ts';
import { keyOf } from './fold-batch.ts';
import type { IncidentState } from './fold.ts';
import { lockKeys } from './incident-keys.ts';
import type { KeyedEvent } from './keyed-event.ts';

export type OperatorAct = 'acknowledge' | 'resolve' | 'reopen';

const NOTE_CHARS = 1000;

/**
 * What an operator does with an incident by hand: an event like those of senders, with who did it, in the same order
 * of receipt. Acknowledging what is acknowledged and resolving what is resolved does nothing.
 *
 * @param order the order of receipt of the act; raised above what the key has recorded when a clock is behind
 * @returns whether anything changed
 * @throws ApiError NOT_FOUND, or CONFLICT when the incident's state does not allow it
 */
export async function actOnIncident(
  db: Kysely<Database>,
  actor: Actor,
  incidentId: IncidentId,
  act: OperatorAct,
  note: string | undefined,
  order: number,
  publicUrl: string,
): Promise<boolean> {
  return transact(db, async (trx) => {
    const event = await readKey(trx, actor.groupId, incidentId);
    const key = (await lockKeys(trx, [event])).get(keyOf(event));
    const last = key?.incident ?? null;
    if (key === undefined || last === null || last.id !== incidentId)
      throw new ApiError('CONFLICT', 'A newer incident of the same key exists; act on that one.');
    if (!changes(last, act)) return false;
    await applyEvents(
      trx,
      [
        {
          ...event,
          id: newId('event'),
          order: Math.max(order, key.lastOrder + 1),
          ordinal: 0,
          action: act,
          problem: null,
          severity: null,
          summary: null,
          payload: null,
          requestId: null,
          integrationId: null,
          actor: actor.name,
          note: note === undefined || note === '' ? null : boundedText(note, NOTE_CHARS),
        },
      ],
      publicUrl,
    );
    await audit(trx, actor, `incident.${act}`, incidentId);
    return true;
  });
}

function changes(incident: IncidentState, act: OperatorAct): boolean {
  switch (act) {
    case 'acknowledge':
      if (incident.status === 'resolved') throw new ApiError('CONFLICT', 'The incident is resolved; reopen it first.');
      return incident.status === 'open';
    case 'resolve':
      return incident.status !== 'resolved';
    case 'reopen':
      if (incident.status !== 'resolved') throw new ApiError('CONFLICT', 'Only a resolved incident can be reopened.');
      return true;
  }
}

async function readKey(
  trx: Transaction<Database>,
  groupId: GroupId,
  incidentId: IncidentId,
): Promise<Pick<KeyedEvent, 'groupId' | 'serviceId' | 'serviceName' | 'environment' | 'type' | 'dedupKey'>> {
  const row = await trx
    .selectFrom('incidents as i')
    .innerJoin('services as s', (join) =>
      join.onRef('s.group_id', '=', 'i.group_id').onRef('s.service_id', '=', 'i.service_id'),
    )
    .select(['i.service_id', 's.name', 'i.environment', 'i.type', 'i.dedup_key'])
    .where('i.group_id', '=', groupId)
    .where('i.incident_id', '=', incidentId)
    .executeTakeFirst();
  if (row === undefined) throw new ApiError('NOT_FOUND', 'There is no such incident');
  return {
    groupId,
    serviceId: row.service_id,
    serviceName: row.name,
    environment: row.environment,
    type: row.type,
    dedupKey: row.dedup_key,
  };
}
