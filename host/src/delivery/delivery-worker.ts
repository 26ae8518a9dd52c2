import type { GroupId } from '@patchbay/plugin-sdk/contract/ids';
import type { Sandbox } from '@patchbay/plugin-sdk/contract/run';
import type { LiveHub } from '../live/live-hub.ts';
import { manifestOfModule } from '../installations/installation-versions.ts';
import type { Store } from '../store/open-store.ts';
import { claimDeliveries, type ClaimedDelivery } from './claim.ts';
import { dispatchProcedure } from './dispatch-outbox.ts';
import { finishDelivery, type Ending } from './finish.ts';
import { Lease, LeaseLost } from './lease.ts';
import type { ConnectorWorld } from './open-asks.ts';
import { recoverLeases } from './recover-leases.ts';
import { runConnector } from './run-connector.ts';
import { sendWebhook } from './send-webhook.ts';

/**
 * The loop that empties the queue.
 *
 *   idle      woken by a notice (outbox, deliveries), by a finished delivery, or by the poll underneath
 *   working   recover leases, once a second -> outbox to deliveries, every 20 ms at most -> claim for free slots
 *             -> carry out, each on its own
 *   stopping  nothing new is claimed; what runs is finished
 */
export interface DeliveryWorker {
  wake(): void;
  stop(): Promise<void>;
}

export interface DeliveryWorkerOptions extends Omit<ConnectorWorld, 'db'> {
  store: Store;
  sandbox: Sandbox;
  hub: LiveHub;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Deliveries carried out at the same time, to healthy destinations; as many again to those that fail. */
  slots?: number;
}

const SLOTS = 16;
const POLL_MS = 1_000;
/** A flood commits many times in it: what it leaves in the outbox is handed out together. One alert alone never waits. */
const DISPATCH_EVERY_MS = 20;

export async function startDeliveryWorker(options: DeliveryWorkerOptions): Promise<DeliveryWorker> {
  const { store, hub, log, slots = SLOTS } = options;
  const { db } = store;
  const running = { healthy: new Set<Promise<void>>(), failing: new Set<Promise<void>>() };
  let stopping = false;
  let looping: Promise<void> | null = null;
  let again = false;
  // Only one process can have the embedded database open, so at the beginning every lease is a dead one's.
  let leases: 'lost' | 'all' = store.kind === 'pglite' ? 'all' : 'lost';
  let recoveredAt = -Infinity;
  let dispatchedAt = -Infinity;
  let dispatchTimer: NodeJS.Timeout | undefined;

  const tell = (groups: Iterable<GroupId>) => {
    for (const group of groups) hub.publish(group, ['deliveries', 'incidents', 'destinations']);
  };

  async function round(): Promise<void> {
    await recover();
    await dispatch();
    await fill('healthy');
    await fill('failing');
  }

  async function recover(): Promise<void> {
    if (performance.now() - recoveredAt < POLL_MS / 2) return;
    tell(await recoverLeases(db, leases));
    leases = 'lost';
    recoveredAt = performance.now();
  }

  async function dispatch(): Promise<void> {
    const early = dispatchedAt + DISPATCH_EVERY_MS - performance.now();
    if (early > 0) {
      dispatchTimer ??= setTimeout(() => {
        dispatchTimer = undefined;
        wake();
      }, Math.ceil(early));
      return;
    }
    for (;;) {
      const dispatched = await store.call(dispatchProcedure);
      tell(dispatched.groups);
      if (dispatched.changes > 0) dispatchedAt = performance.now();
      if (!dispatched.more) break;
    }
  }

  async function fill(health: 'healthy' | 'failing'): Promise<void> {
    const lane = running[health];
    while (!stopping && lane.size < slots) {
      const claims = await claimDeliveries(db, slots - lane.size, health);
      if (claims.length === 0) return;
      for (const claim of claims) {
        const work = carryOut(options, claim)
          .catch((error: unknown) => log.error({ err: error, delivery: claim.deliveryId }, 'delivery broke off'))
          .finally(() => {
            lane.delete(work);
            tell([claim.groupId]);
            wake();
          });
        lane.add(work);
      }
    }
  }

  function wake(): void {
    again = true;
    if (looping !== null || stopping) return;
    looping = (async () => {
      while (again && !stopping) {
        again = false;
        await round().catch((error: unknown) => log.warn({ err: error }, 'the queue could not be read'));
      }
    })().finally(() => {
      looping = null;
      if (again && !stopping) wake();
    });
  }

  const ears = [await store.listen('outbox', wake), await store.listen('deliveries', wake)];
  const poll = setInterval(wake, POLL_MS);
  wake();
  return {
    wake,
    async stop() {
      stopping = true;
      clearInterval(poll);
      clearTimeout(dispatchTimer);
      for (const deafen of ears) await deafen();
      await looping;
      await Promise.allSettled([...running.healthy, ...running.failing]);
    },
  };
}

async function carryOut(options: DeliveryWorkerOptions, claim: ClaimedDelivery): Promise<void> {
  const lease = new Lease(options.store.db, claim);
  try {
    const world = { ...options, db: options.store.db };
    await finishDelivery(world.db, world, claim, await attempt(world, claim, lease));
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    options.log.warn({ delivery: claim.deliveryId }, 'the lease of a delivery was lost; another worker goes on');
  } finally {
    lease.end();
  }
}

async function attempt(
  world: ConnectorWorld & { sandbox: Sandbox },
  claim: ClaimedDelivery,
  lease: Lease,
): Promise<Ending> {
  if (claim.destination.kind === 'webhook') return sendWebhook(world, claim, lease);
  const installation = await world.db
    .selectFrom('installations')
    .select(['manifest', 'module_sha256', 'configuration', 'state'])
    .where('group_id', '=', claim.groupId)
    .where('installation_id', '=', claim.destination.installationId ?? ('' as never))
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (installation === undefined)
    return { kind: 'failed', code: 'NOT_FOUND', message: 'The plugin of this destination was removed' };
  if (installation.state !== 'enabled')
    return { kind: 'attention', code: 'DESTINATION_NEEDS_ATTENTION', message: `The plugin is ${installation.state}` };
  const begunWith = await manifestBegunWith(world, claim, installation.module_sha256);
  if (begunWith === 'revoked')
    return { kind: 'failed', code: 'VERSION_UNAVAILABLE', message: 'The version that it began with was revoked' };
  const plugin = {
    manifest: begunWith ?? installation.manifest,
    moduleSha256: claim.moduleSha256 ?? installation.module_sha256,
    configuration: claim.pinnedConfiguration ?? installation.configuration,
  };
  return runConnector(world, claim, plugin, lease);
}

/** A call that began before an update keeps its module, and with it what was agreed to for that one. */
async function manifestBegunWith({ db }: ConnectorWorld, claim: ClaimedDelivery, present: string) {
  const { moduleSha256, destination, groupId } = claim;
  if (moduleSha256 === null || moduleSha256 === present || destination.installationId === null) return undefined;
  return manifestOfModule(db, groupId, destination.installationId, moduleSha256);
}
