import { mkdir } from 'node:fs/promises';
import { pino } from 'pino';
import { registryRoutes } from '@patchbay/registry/api/registry-routes';
import { watchChecks } from '@patchbay/registry/publish/check-watchdog';
import { openRegistry } from '@patchbay/registry/registry';
import { recordCompilerWalls } from '@patchbay/registry/publish/compiler-walls';
import { repeatChecks } from '@patchbay/registry/review/repeat-checks';
import { ApiError } from './api/api-error.ts';
import { createApp } from './api/app.ts';
import { healthRoutes } from './api/health-routes.ts';
import { site } from './api/site.ts';
import type { Config } from './config/config.ts';
import { listenUrl, PLUGINS_FOLDER, UI_FOLDER, VERSION, type Host } from './host.ts';
import { auditRoutes } from './identity/audit-routes.ts';
import { createAuth } from './identity/auth.ts';
import { prepareFirstStart } from './identity/first-start.ts';
import { groupRoutes } from './identity/group-routes.ts';
import { memberRoutes } from './identity/member-routes.ts';
import { registryAccounts } from './identity/registry-accounts.ts';
import { registryMemberRoutes } from './identity/registry-member-routes.ts';
import { sessionRoutes } from './identity/session-routes.ts';
import { loadSessionSecret } from './identity/session-secret.ts';
import { tokenRoutes } from './identity/token-routes.ts';
import { publishFirstParty } from './installations/bootstrap-first-party.ts';
import { createLiveHub } from './live/live-hub.ts';
import { streamRoute } from './live/stream-route.ts';
import { checkHostKeys } from './secrets/check-host-keys.ts';
import { loadHostKeys } from './secrets/host-keys.ts';
import { createVault } from './secrets/vault.ts';
import { openStore } from './store/open-store.ts';
import { configWarnings } from './welcome.ts';

/**
 * The registry as a process of its own, for several hosts: accounts, tokens, publishing, reviews and the catalogue; no
 * integrations, no sandbox for alerts, no deliveries.
 *
 * @param tell shows one line of progress on long steps
 */
export async function startRegistryAlone(config: Config, tell: (line: string) => void): Promise<Host> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
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
    const auth = createAuth({ db, secret: await loadSessionSecret(db, vault, hostKeys.current), publicUrl });
    const first = await prepareFirstStart(db, config.PATCHBAY_BOOTSTRAP_TOKEN);
    const registry = await openRegistry({ db: db as never, folder });
    await publishFirstParty({ registry, pluginsFolder: PLUGINS_FOLDER, dataFolder: folder, progress: tell });
    for (const watch of [repeatChecks(registry, log), watchChecks(registry, log)]) closers.push(() => watch.stop());
    const session = { db, auth, firstGroupId: first.groupId, warnings: () => warnings, version: VERSION };
    const app = await createApp({
      config,
      db,
      vault,
      auth,
      log,
      version: VERSION,
      routes: [
        healthRoutes({ db }),
        streamRoute({ hub: createLiveHub() }),
        sessionRoutes({ ...session, publicUrl: () => publicUrl, registryOnly: true }),
        groupRoutes({ db }),
        memberRoutes({ db, auth }),
        registryMemberRoutes({ db }),
        tokenRoutes({ db }),
        auditRoutes({ db }),
      ],
      doors: [
        registryRoutes({
          registry,
          accounts: registryAccounts(db),
          fail: (code, message, details) => new ApiError(code, message, details === undefined ? {} : { details }),
        }),
      ],
      site: site(UI_FOLDER),
    });
    closers.push(() => app.close());
    await app.listen({ port: config.PORT, host: config.HOST });
    // It tries programs out one after the other, which need not keep the door closed.
    void recordCompilerWalls(log);
    const welcome = { url: publicUrl, dataFolder: folder, database: store.kind, setupCode: first.setupCode };
    return { url: publicUrl, welcome: { ...welcome, sampleCurl: null, warnings }, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
