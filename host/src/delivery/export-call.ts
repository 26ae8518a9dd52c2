import { ABI_VERSION } from '@patchbay/plugin-sdk/contract/envelopes';
import { EXPORTED_CALL_VERSION, type ExportedCall } from '@patchbay/plugin-sdk/contract/exported-call';
import type { DeliveryId, GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Kysely } from 'kysely';
import type { Vault } from '../secrets/vault.ts';
import type { Database } from '../store/schema.ts';
import { transact } from '../store/transact.ts';
import { readJournal, type StoredJournal } from './journal-store.ts';
import { CallRedaction } from './redact-call.ts';

export type ExportResult =
  { ok: true; call: ExportedCall } | { ok: false; reason: 'not-found' | 'under-way' | 'no-journal' };

/**
 * The call of a delivery with its journal, opened and redacted, for its author to run again.
 *
 *   no-journal  no plugin carries it out, it has not begun, or what it did was forgotten to begin anew
 */
export async function exportCall(
  db: Kysely<Database>,
  vault: Vault,
  groupId: GroupId,
  deliveryId: DeliveryId,
): Promise<ExportResult> {
  return transact(db, async (trx) => {
    // Whoever carries it out writes under this lock.
    const row = await trx
      .selectFrom('deliveries')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('delivery_id', '=', deliveryId)
      .forShare()
      .executeTakeFirst();
    if (row === undefined) return { ok: false, reason: 'not-found' };
    if (row.state === 'running') return { ok: false, reason: 'under-way' };
    const { plugin_id, plugin_version, module_sha256, configuration, journal_seed, journal_started_at } = row;
    if (plugin_id === null || plugin_version === null || module_sha256 === null || configuration === null)
      return { ok: false, reason: 'no-journal' };
    if (journal_seed === null || journal_started_at === null) return { ok: false, reason: 'no-journal' };
    const began = { seed: journal_seed, startedAt: journal_started_at };
    const { asks, journal } = await readJournal(trx, vault, { groupId, deliveryId }, began);

    const told = new CallRedaction();
    const asked = new CallRedaction();
    const input = {
      abi: ABI_VERSION,
      change: told.value('input.change', row.change),
      delivery: { id: deliveryId, attempt: 1 },
      configuration: told.value('input.configuration', configuration),
    } as ExportedCall['input'];
    const batches = redactBatches(told, asks, journal);
    const call: ExportedCall = {
      format: 'patchbay-call',
      version: EXPORTED_CALL_VERSION,
      exportedAt: new Date().toISOString(),
      plugin: { id: plugin_id, version: plugin_version, moduleSha256: module_sha256 },
      export: 'deliver',
      delivery: {
        id: deliveryId,
        state: row.state,
        attempts: row.attempts,
        code: row.code,
        message: asked.value('delivery.message', row.message) as string | null,
      },
      input,
      journal: {
        seed: journal.seed,
        startedAt: journal.startedAt,
        asks: asks.map(({ kind, digest, blocking, request }, index) => ({
          ...{ kind, digest, blocking },
          request: asked.request(`journal.asks.${index}.request`, kind, request),
        })),
        batches,
      },
      redacted: [...told.places, ...asked.places],
      replays: told.places.length === 0 ? 'exactly' : 'maybe',
    };
    return { ok: true, call };
  });
}

function redactBatches(
  told: CallRedaction,
  asks: StoredJournal['asks'],
  { batches }: StoredJournal['journal'],
): ExportedCall['journal']['batches'] {
  return batches.map(({ at, answers }, batch) => ({
    at,
    answers: answers.map(([number, answer], position) => {
      const place = `journal.batches.${batch}.answers.${position}.1`;
      return [number, told.answer(place, asks[number]?.kind ?? 'http', answer)] as const;
    }) as ExportedCall['journal']['batches'][number]['answers'],
  }));
}
