import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from './host-process.ts';
import { ensurePgliteTemplate } from './pglite-template.ts';

/** A data folder as a host leaves it after its first start, and the token that it was given. */
export interface HostTemplate {
  readonly folder: string;
  readonly token: string;
}

/**
 * Lets a host make its first start once for the whole run: it publishes and installs the first-party plugins, which
 * takes longer than most tests. The caller removes the folder.
 */
export async function makeHostTemplate(): Promise<HostTemplate> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-template-'));
  try {
    await cp(await ensurePgliteTemplate(), join(folder, 'database'), { recursive: true });
    const host = await startHost({ dataFolder: folder });
    const code = await host.stop();
    if (code !== 0) throw new Error(`the host ended with code ${String(code)}\n${host.output()}`);
    return { folder, token: host.token };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
