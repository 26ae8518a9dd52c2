import type { Kysely } from 'kysely';
import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import { applyEvents } from '../../incidents/apply-events.ts';
import type { KeyedEvent } from '../../incidents/keyed-event.ts';
import type { ReceiptClock } from '../../ingest/receipt-clock.ts';
import type { Database } from '../../store/schema.ts';
import { transact } from '../../store/transact.ts';
import { HOUR_MS } from '../counted-hours.ts';
import { readFailing } from './failures.ts';
import { latestFailure, refusalsSince } from './refusals.ts';
import { readSilent } from './silence.ts';
import { readOpenAlerts, type OpenAlert } from './watch-alerts.ts';
import { failingEvent, overEvent, silentEvent } from './watch-events.ts';

export interface WatchDeps {
  readonly db: Kysely<Database>;
  readonly clock: ReceiptClock;
  /** Where the host is reached, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * Looks once at all integrations of every group, and opens and resolves incidents as senders do: through events, so that
 * destinations hear of them. An incident is the whole memory of an alert:
 *
 *   quiet --silent or failing--> open --heard again, fails no more, not watched any more--> resolved --> quiet
 *
 * What somebody has resolved by hand is not opened again for the same silence, nor for hours that began before.
 *
 * @param now milliseconds since the epoch
 * @param upSince since when senders could post without a break
 * @returns groups with changes
 */
export async function watchRound(
  { db, clock, publicUrl }: WatchDeps,
  now: number,
  upSince: number,
): Promise<ReadonlySet<GroupId>> {
  const open = await readOpenAlerts(db);
  const { failing, recovered } = await readFailing(db, now);
  const events: KeyedEvent[] = [];
  for (const alert of open) {
    const note = whyOver(alert, recovered.has(alert.incident_id));
    if (note !== null) events.push(overEvent(alert, note, clock.next()));
  }
  for (const row of await readSilent(db, now, upSince))
    events.push(silentEvent(row, await refusalsSince(db, row, row.last_at), now, clock.next(), publicUrl));
  for (const row of failing) {
    const latest = await latestFailure(db, row, new Date(now - 2 * HOUR_MS));
    events.push(failingEvent(row, latest, clock.next(), publicUrl));
  }
  if (events.length > 0) await transact(db, (trx) => applyEvents(trx, events, publicUrl));
  return new Set(events.map(({ groupId }) => groupId));
}

function whyOver(alert: OpenAlert, recovered: boolean): string | null {
  if (!alert.watched) return 'The integration is no longer watched.';
  switch (alert.kind) {
    case 'silent':
      return alert.last_at !== null && alert.last_at > alert.opened_at ? 'Requests come in again.' : null;
    case 'failing':
      return recovered ? 'Its requests fail no more than usual.' : null;
  }
}
