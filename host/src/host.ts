import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { ingestLimits } from '@patchbay/plugin-sdk/contract/limits';
import { createSandbox } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { directRequest } from '@patchbay/registry/api/direct-request';
import { registryRoutes } from '@patchbay/registry/api/registry-routes';
import { actorName } from '@patchbay/registry/api/route-dependencies';
import { listOwnPlugins } from '@patchbay/registry/catalogue/own-plugins';
import { createRegistryClient } from '@patchbay/registry/client/registry-client';
import { watchChecks } from '@patchbay/registry/publish/check-watchdog';
import { openRegistry } from '@patchbay/registry/registry';
import { recordCompilerWalls } from '@patchbay/registry/publish/compiler-walls';
import { repeatChecks } from '@patchbay/registry/review/repeat-checks';
import { ApiError } from './api/api-error.ts';
import { createApp } from './api/app.ts';
import { sealedAnswers } from './api/sealed-answers.ts';
import { healthRoutes } from './api/health-routes.ts';
import { site } from './api/site.ts';
import type { Config } from './config/config.ts';
import { deliveryRoutes } from './delivery/delivery-routes.ts';
import { startDeliveryWorker } from './delivery/delivery-worker.ts';
import { sealedJournals } from './delivery/sealed-journals.ts';
import { subscriptionRoutes } from './delivery/subscription-routes.ts';
import { webhookRoutes } from './delivery/webhook-routes.ts';
import { sealedTokens } from './effects/credentials/sealed-tokens.ts';
import { createEgress } from './egress/egress.ts';
import { createFetchPinned } from './egress/fetch-pinned.ts';
import { auditRoutes } from './identity/audit-routes.ts';
import { createAuth } from './identity/auth.ts';
import { prepareFirstStart } from './identity/first-start.ts';
import { groupRoutes } from './identity/group-routes.ts';
import { memberRoutes } from './identity/member-routes.ts';
import { registryAccounts } from './identity/registry-accounts.ts';
import { registryMemberRoutes } from './identity/registry-member-routes.ts';
import { sessionRoutes } from './identity/session-routes.ts';
import { loadSessionSecret, sealedSessionSecret } from './identity/session-secret.ts';
import { tokenRoutes } from './identity/token-routes.ts';
import { incidentRoutes } from './incidents/incident-routes.ts';
import { createIngest } from './ingest/create-ingest.ts';
import { readRulesModule } from './ingest/rules/rules-module.ts';
import { dedupKeyOf } from './ingest/normalise-event.ts';
import { startRangesKeeper } from './ingest/published-ranges/published-ranges.ts';
import { installFirstParty, publishFirstParty } from './installations/bootstrap-first-party.ts';
import { installationRoutes } from './installations/installation-routes.ts';
import { createModuleStore } from './installations/module-store.ts';
import { openInstalled } from './installations/open-installed.ts';
import { createVerifiedModules } from './installations/verified-modules.ts';
import { pluginRoutes } from './installations/plugin-routes.ts';
import { publisherRoutes } from './installations/publisher-routes.ts';
import { remoteRegistry } from './installations/remote-registry.ts';
import { registryTrust } from './installations/registry-trust.ts';
import { watchRevocations } from './installations/revocation-watch.ts';
import { firstAlert } from './integrations/first-alert.ts';
import { integrationRoutes } from './integrations/integration-routes.ts';
import { createSamples } from './integrations/package-sample.ts';
import { requestRoutes } from './integrations/request-routes.ts';
import { startWatch } from './integrations/watch/start-watch.ts';
import { createLiveHub } from './live/live-hub.ts';
import { streamRoute } from './live/stream-route.ts';
import { startPruning } from './retention/start-pruning.ts';
import { checkHostKeys } from './secrets/check-host-keys.ts';
import { loadHostKeys } from './secrets/host-keys.ts';
import { keyRotationRoutes } from './secrets/key-rotation-routes.ts';
import { startKeyRotation } from './secrets/key-rotation.ts';
import type { SealedPlace } from './secrets/sealed-place.ts';
import { sealedSecrets } from './secrets/sealed-secrets.ts';
import { createVault } from './secrets/vault.ts';
import { keepProven, loadProven } from './runs/proven-modules.ts';
import { keepQuarantine, loadQuarantines } from './runs/quarantine-store.ts';
import { CallErrors } from './runs/call-errors.ts';
import { runRoutes } from './runs/run-routes.ts';
import { warmModules } from './runs/warm-modules.ts';
import { serviceRoutes } from './services/service-routes.ts';
import { openStore } from './store/open-store.ts';
import { configWarnings, type Welcome } from './welcome.ts';

export const VERSION = '0.1.0';

export interface Host {
  url: string;
  welcome: Welcome;
  close(): Promise<void>;
}

export const PLUGINS_FOLDER = fileURLToPath(new URL('../../plugins/', import.meta.url));
export const UI_FOLDER = fileURLToPath(new URL('../../marketplace-ui/dist/', import.meta.url));

/**
 * Puts the host together, from the ground up, and listens. What was opened last is closed first.
 *
 * @param tell shows one line of progress on long steps
 */
export async function startHost(config: Config, tell: (line: string) => void): Promise<Host> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    return await build(config, tell, closers, close);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function build(
  config: Config,
  tell: (line: string) => void,
  closers: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Host> {
  const log = pino({ level: config.LOG_LEVEL, redact: ['req.headers.authorization', 'req.headers.cookie'] });
  const folder = config.PATCHBAY_DATA;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const hostKeys = await loadHostKeys(folder, config);
  const vault = createVault(hostKeys.current, hostKeys.others);
  const publicUrl = (config.PUBLIC_URL ?? listenUrl(config)).replace(/\/+$/, '');
  const warnings = configWarnings(config);

  const store = await openStore({ databaseUrl: config.DATABASE_URL, folder, log });
  closers.push(() => store.close());
  const { db } = store;
  await checkHostKeys(db, vault);
  const hub = createLiveHub();
  const egress = createEgress({ allow: config.EGRESS_ALLOW });
  closers.push(() => egress.close());

  const modules = createModuleStore(join(folder, 'modules'));
  const rules = await readRulesModule();
  await modules.put(rules.sha256, rules.bytes);
  const proven = keepProven(db, (error) => log.error(error, 'a version that came through could not be recorded'));
  closers.push(() => proven.settled());
  const secret = await loadSessionSecret(db, vault, hostKeys.current);
  const auth = createAuth({ db, secret, publicUrl });
  const first = await prepareFirstStart(db, config.PATCHBAY_BOOTSTRAP_TOKEN);
  const registry = await openRegistry({ db: db as never, folder });
  // Its address was given by whoever runs this host; a tenant has no word in it.
  const registryEgress = createEgress({ allow: ['0.0.0.0/0', '::/0'] });
  closers.push(() => registryEgress.close());
  const { PATCHBAY_REGISTRY_URL: elsewhere, PATCHBAY_REGISTRY_TOKEN: registryToken } = config;
  const client = createRegistryClient({
    request:
      elsewhere === undefined
        ? directRequest(registry)
        : remoteRegistry({ url: elsewhere, token: registryToken, egress: registryEgress }),
    trust: registryTrust(db),
  });
  const sandbox = createSandbox({
    loadModule: createVerifiedModules({ db, client, modules, own: [rules.sha256] }).loadModule,
    processes: config.SANDBOX_PROCESSES,
    slowProcesses: 1,
    proven: await loadProven(db),
    onProven: (module) => proven.proved(module),
    quarantined: await loadQuarantines(db),
    onQuarantine: (quarantine) => {
      log.warn({ ...quarantine }, 'a plugin was quarantined');
      keepQuarantine(db, quarantine).catch((error: unknown) => log.error(error, 'a quarantine could not be recorded'));
    },
    onStrike: (strike) => {
      log.warn({ ...strike }, 'a plugin broke a limit');
      proven.struck(strike.module);
    },
    log: (line) => log.warn({ sandbox: line }, 'a sandbox process says'),
  });
  closers.push(() => sandbox.close());
  let ingestKnows = () => {};
  const installations = {
    db,
    vault,
    client,
    modules,
    hub,
    cooldownHours: config.UPDATE_COOLDOWN_HOURS,
    changed: () => ingestKnows(),
  };
  if (elsewhere === undefined)
    await publishFirstParty({ registry, pluginsFolder: PLUGINS_FOLDER, dataFolder: folder, progress: tell });
  await installFirstParty({ ...installations, groupId: first.groupId, progress: tell });

  const findPluginForType = async (type: string) =>
    (await client.list({ integrationType: type, limit: 1 }))?.items[0]?.id;
  const ingest = await createIngest({
    store,
    vault,
    sandbox,
    rulesModule: rules.sha256,
    hub,
    fetchPinned: createFetchPinned(egress),
    findPluginForType,
    publicUrl,
    limitRate: config.INTEGRATION_RATE_LIMIT,
    verifySignatures: config.INTEGRATION_VERIFY_SIGNATURES,
    log,
  });
  closers.push(() => ingest.close());
  ingestKnows = () => void ingest.invalidate();
  const ranges = startRangesKeeper({
    db,
    fetchList: createFetchPinned(egress, ingestLimits.publishedRangesBytes),
    changed: () => ingest.invalidate(),
    log,
  });
  closers.push(() => ranges.stop());
  const revocations = watchRevocations({ ...installations, log });
  closers.push(() => revocations.stop());
  const checks = repeatChecks(registry, log);
  closers.push(() => checks.stop());
  const stuck = watchChecks(registry, log);
  closers.push(() => stuck.stop());
  const sampleFor = createSamples((plugin) => openInstalled(db, client, plugin));
  const callErrors = new CallErrors();
  const worker = await startDeliveryWorker({
    store,
    vault,
    egress,
    sandbox,
    hub,
    clock: ingest.clock,
    callErrors,
    publicUrl,
    log,
  });
  closers.push(() => worker.stop());
  const rotation = await startKeyRotation({ store, vault, places: sealedPlaces, log });
  closers.push(() => rotation.stop());
  closers.push(startPruning({ db: store.db, days: config.RETENTION_DAYS, log }));
  closers.push(startWatch({ store, hub, clock: ingest.clock, publicUrl, log }));

  const app = await createApp({
    config,
    db,
    vault,
    auth,
    log,
    version: VERSION,
    routes: [
      healthRoutes({ db }),
      streamRoute({ hub }),
      sessionRoutes({
        db,
        auth,
        firstGroupId: first.groupId,
        publicUrl: () => publicUrl,
        warnings: () => warnings,
        version: VERSION,
        registryOnly: false,
      }),
      groupRoutes({ db }),
      memberRoutes({ db, auth }),
      registryMemberRoutes({ db }),
      tokenRoutes({ db }),
      auditRoutes({ db }),
      keyRotationRoutes({ store, vault, places: sealedPlaces, firstGroupId: first.groupId }),
      pluginRoutes({ db, client }),
      installationRoutes(installations),
      publisherRoutes(installations),
      runRoutes({
        db,
        sandbox,
        callErrors,
        ownPlugins: async (request) => (await listOwnPlugins(registry, actorName(request))).map(({ plugin }) => plugin),
      }),
      serviceRoutes({ db, hub, invalidate: () => ingest.invalidate() }),
      integrationRoutes({ db, vault, publicUrl, hub, ingest, ranges, findPluginForType, sampleFor }),
      requestRoutes({ store, hub, ingest }),
      incidentRoutes({ store, hub, clock: ingest.clock, publicUrl, dedupKeyOf: dedupKeyOf }),
      deliveryRoutes({ store, vault, hub }),
      subscriptionRoutes({ store, hub }),
      webhookRoutes({ store, vault, egress, hub }),
    ],
    doors: [
      ingest.door,
      registryRoutes({
        registry,
        accounts: registryAccounts(db),
        fail: (code, message, details) => new ApiError(code, message, details === undefined ? {} : { details }),
      }),
    ],
    site: site(UI_FOLDER),
  });
  closers.push(() => app.close());
  const integration = { db, vault, publicUrl, findPluginForType, sampleFor };
  const sampleCurl = first.setupCode === null ? null : await firstAlert(integration, first.groupId);
  closers.push(await warmModules({ db, sandbox, log, always: [rules.sha256] }));
  await app.listen({ port: config.PORT, host: config.HOST });
  // It tries programs out one after the other, which need not keep the door closed.
  void recordCompilerWalls(log);
  return {
    url: publicUrl,
    welcome: {
      url: publicUrl,
      dataFolder: folder,
      database: store.kind,
      setupCode: first.setupCode,
      sampleCurl,
      warnings,
    },
    close,
  };
}

const sealedPlaces: readonly SealedPlace[] = [
  sealedSecrets,
  sealedTokens,
  sealedJournals,
  sealedAnswers,
  sealedSessionSecret,
];

export function listenUrl({ HOST, PORT, TLS_CERT_FILE }: Config): string {
  const name = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `${TLS_CERT_FILE === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${PORT}`;
}
