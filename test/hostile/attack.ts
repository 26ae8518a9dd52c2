import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { performHttp } from '@patchbay/host/effects/perform-http';
import { containsSecret } from '@patchbay/host/effects/secret-reflection';
import { compileText } from '@patchbay/plugin-sdk/compile/testing/compile-text';
import { deliverOutputSchema, ingestOutputSchema } from '@patchbay/plugin-sdk/contract/envelopes';
import { manifestSchema, type Manifest, type ManifestInput } from '@patchbay/plugin-sdk/contract/manifest';
import type { RunLimits, RunResult } from '@patchbay/plugin-sdk/contract/run';
import { checkModule } from '@patchbay/plugin-sdk/sandbox/check-module';
import { childCommand } from '@patchbay/plugin-sdk/sandbox/child-command';
import { createSandbox, type ProcessSandbox, type SandboxOptions } from '@patchbay/plugin-sdk/sandbox/create-sandbox';
import { anyModule, echo, emptyJournal, runOf, textModule } from '@patchbay/plugin-sdk/sandbox/test-modules';
import { driveCall, type HttpReply } from '@patchbay/plugin-sdk/testing/drive-call';
import type { HostilePlugin } from './hostile-plugin.ts';
import { inputFor, manifestFor } from './inputs.ts';
import { SECRET, type Laboratory } from './laboratory.ts';

/** What came of an attack: the words by which it ended, and everything that its author would get to see. */
export interface Seen {
  codes: string[];
  text: string;
}

/** What stands under attack: one sandbox for all, as in a host, and what lies around it. */
export class Target {
  readonly #lab: Laboratory;
  readonly #modules = new Map<string, Uint8Array>();
  readonly #sandbox: ProcessSandbox;
  #innocents = 0;

  constructor(lab: Laboratory) {
    this.#lab = lab;
    this.#modules.set(echo.sha256, echo.wasm);
    this.#sandbox = this.#newSandbox();
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  /** Runs the plugin as often as it says. @returns what is wrong; nothing when the sandbox held */
  async attack(plugin: HostilePlugin): Promise<string[]> {
    const wrong: string[] = [];
    const sites = plugin.sites.length > 0 ? plugin.sites : [''];
    for (const site of sites)
      for (let time = 0; time < plugin.times; time++) {
        const seen = await this.#once(plugin, site.replace('PORT', String(this.#lab.port)));
        wrong.push(...judge(plugin, seen).map((what) => (site === '' ? what : `${site}: ${what}`)));
      }
    wrong.push(...(await this.#harm()));
    return wrong;
  }

  async #once(plugin: HostilePlugin, site: string): Promise<Seen> {
    switch (plugin.kind) {
      case 'text':
        return this.#runModule(plugin, textToWasm(plugin.source));
      case 'bytes': {
        const made = (await import(/* @vite-ignore */ pathToFileURL(plugin.file).href)) as { default(): Uint8Array };
        return this.#runModule(plugin, made.default());
      }
      case 'plugin':
        return this.#runPlugin(plugin, site);
      case 'manifest': {
        const made = (await import(/* @vite-ignore */ pathToFileURL(plugin.file).href)) as { default: unknown };
        const read = manifestSchema.safeParse(made.default);
        return read.success ? { codes: ['done'], text: '' } : { codes: ['MANIFEST_INVALID'], text: read.error.message };
      }
      case 'escaped':
        return runEscaped(plugin.source);
      case 'child':
        return this.#runChild(plugin);
    }
  }

  async #runModule(plugin: HostilePlugin, wasm: Uint8Array): Promise<Seen> {
    const manifest = manifestFor(plugin, '', this.#lab.port);
    const module = this.#keep(wasm);
    const request = runOf({ wasm, sha256: module }, '{"secret":"of the input"}', {
      export: plugin.run,
      limits: limitsFor(plugin),
    });
    if (checkModule(wasm, manifest).some(({ rule }) => rule === 'module.permissions'))
      return { codes: ['PERMISSIONS_UNPROVEN'], text: '' };
    const { result } = await driveCall(this.#sandbox, request, this.#world(plugin, manifest, ''), emptyJournal);
    return seenOf(plugin, result);
  }

  async #runPlugin(plugin: HostilePlugin, site: string): Promise<Seen> {
    const manifest = manifestFor(plugin, site, this.#lab.port);
    const compiled = await compileText({ 'src/index.ts': plugin.source }, manifestInput(manifest));
    if (!compiled.ok) return { codes: [compiled.code], text: JSON.stringify(compiled.errors) };
    const request = {
      ...runOf({ wasm: compiled.wasm, sha256: this.#keep(compiled.wasm) }),
      export: plugin.run,
      limits: limitsFor(plugin),
      input: JSON.stringify(inputFor(plugin.run, { site })),
    };
    const { result, journal } = await driveCall(this.#sandbox, request, this.#world(plugin, manifest, site));
    const seen = seenOf(plugin, result);
    return { codes: seen.codes, text: seen.text + JSON.stringify(journal) };
  }

  /** Requests go through the host's own permission check, credentials and egress guard. */
  #world(plugin: HostilePlugin, manifest: Manifest, site: string) {
    const context = {
      manifest,
      configuration: { site },
      idempotencyKey: 'hostile-0',
      readSecret: () => Promise.resolve(SECRET),
      tokens: {
        get: () => Promise.reject(new Error('no attack declares a secret that gets tokens')),
        keep: () => Promise.reject(new Error('no attack declares a token to be kept')),
      },
    };
    return {
      http: async (ask: Parameters<typeof performHttp>[2]): Promise<HttpReply> => {
        const { answer } = await performHttp(this.#lab[plugin.world], context, ask);
        if ('error' in answer) return answer;
        const { status, headers, body } = answer.ok as {
          status: number;
          headers: Record<string, string>;
          body: { text?: string };
        };
        return { status, headers, body: body.text };
      },
    };
  }

  async #runChild(plugin: HostilePlugin): Promise<Seen> {
    return withBundle(plugin.source, async (childBundle) => {
      const sandbox = this.#newSandbox({ childBundle, processes: 1, patienceMs: 500 });
      const result = await sandbox.run(runOf(echo));
      await sandbox.close();
      return seenOf(plugin, result);
    });
  }

  /** What the attack did to others. */
  async #harm(): Promise<string[]> {
    const wrong: string[] = [];
    const innocents = ['grp_a', 'grp_innocent', 'grp_other'].map(async (group) => {
      const input = JSON.stringify({ innocent: this.#innocents++ });
      const result = await this.#sandbox.run(runOf(echo, input, { group, installation: group }));
      if (result.status !== 'done' || result.output !== input)
        wrong.push(`an innocent plugin got ${JSON.stringify(result).slice(0, 300)}`);
    });
    await Promise.all(innocents);
    for (const intrusion of this.#lab.intrusions().splice(0)) wrong.push(`a forbidden service got ${intrusion}`);
    if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) wrong.push('Object.prototype was changed');
    return wrong;
  }

  #newSandbox(more: Partial<SandboxOptions> = {}): ProcessSandbox {
    const loadModule = (sha256: string): Promise<Uint8Array> => {
      const wasm = this.#modules.get(sha256);
      return wasm === undefined ? Promise.reject(new Error('no such module')) : Promise.resolve(wasm);
    };
    return createSandbox({ loadModule, processes: 2, ...more });
  }

  #keep(wasm: Uint8Array): string {
    const sha256 = createHash('sha256').update(wasm).digest('hex');
    this.#modules.set(sha256, wasm);
    return sha256;
  }
}

/** However slow and busy the machine is, it is the limit under attack that ends a run. */
function limitsFor({ family }: HostilePlugin): Partial<RunLimits> {
  const aboutTime = family === 'loops' || family === 'budgets';
  return { runWallMs: 600_000, ...(aboutTime ? {} : { runCpuMs: 10_000 }) };
}

function judge(plugin: HostilePlugin, seen: Seen): string[] {
  const wrong: string[] = [];
  if (!plugin.must.some((code) => seen.codes.includes(code)))
    wrong.push(`ended as ${seen.codes.join('/')} instead of ${plugin.must.join(' or ')}: ${seen.text.slice(0, 300)}`);
  for (const words of plugin.says)
    if (!seen.text.includes(words)) wrong.push(`does not say "${words}": ${seen.text.slice(0, 300)}`);
  if (containsSecret(Buffer.from(seen.text), SECRET)) wrong.push('the secret came out');
  return wrong;
}

function seenOf(plugin: HostilePlugin, result: Exclude<RunResult, { status: 'open' }> | RunResult): Seen {
  const text = JSON.stringify(result);
  if (result.status === 'failed') return { codes: [result.error?.code ?? result.code, result.code], text };
  if (result.status === 'open') return { codes: ['open'], text };
  return { codes: ['done', outcomeOf(plugin, result.output)], text: `${result.output} ${text}` };
}

function outcomeOf(plugin: HostilePlugin, output: string): string {
  try {
    const schema = plugin.run === 'deliver' ? deliverOutputSchema : ingestOutputSchema;
    return schema.parse(JSON.parse(output)).result.outcome;
  } catch {
    return 'OUTPUT_INVALID';
  }
}

export function textToWasm(source: string): Uint8Array {
  const fields = source.replaceAll(/^;;.*$/gm, '').trim();
  if (!fields.startsWith('(module'))
    return textModule(fields, { http: source.includes('$ask'), memory: '1 65536' }).wasm;
  return anyModule(fields);
}

function manifestInput(manifest: Manifest): Partial<ManifestInput> {
  const { provides, permissions, secrets, configuration } = manifest;
  return { provides, permissions, secrets, configuration };
}

/** `export default` a function: it resolves when the code could do what it tried. */
async function runEscaped(source: string): Promise<Seen> {
  const code = `${source.replace('export default', 'const attempt =')}
const outcome = await attempt().then(() => 'done', (error) => \`refused \${error?.code ?? error?.name ?? ''}\`);
process.stdout.write(outcome, () => process.exit(0));`;
  return withBundle(code, async (bundle) => {
    const { file, parameters } = childCommand({ bundle, heapMegabytes: 64 });
    const out = await new Promise<string>((resolve) => {
      execFile(file, parameters, { env: {}, cwd: '/', timeout: 20_000 }, (error, stdout) =>
        resolve(stdout === '' ? `refused ${error?.message ?? ''}` : stdout),
      );
    });
    return { codes: [out.split(' ')[0] ?? ''], text: out };
  });
}

async function withBundle<T>(code: string, work: (bundle: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-hostile-')));
  try {
    const bundle = join(folder, 'child.mjs');
    await writeFile(bundle, code);
    return await work(bundle);
  } finally {
    await rm(folder, { recursive: true });
  }
}
