import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseUrl } from '../contract/parse-url.ts';
import { configurationFolder } from './configuration-folder.ts';
import { usageError, type CommandResult } from './command-result.ts';

/** Options of every command that talks to a registry; what is left out comes from `patchbay login`. */
export interface RegistryOptions {
  registry?: string;
  token?: string;
}

export interface Login {
  registry: string;
  token: string;
}

const storedSchema = z.object({ registry: z.string(), token: z.string() });

const fileOf = (): string => join(configurationFolder(), 'login.json');

/** Remembers a registry and a token, readable for the owner of the file only (0600). */
export async function saveLogin(login: Login): Promise<string> {
  const file = fileOf();
  await mkdir(configurationFolder(), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, file);
  return file;
}

/** The registry and the token that a command uses: options first, then the environment, then the last login. */
export async function findLogin(
  options: RegistryOptions,
): Promise<{ ok: true; login: Login } | { ok: false; result: CommandResult }> {
  const stored = await readStored();
  const registry = options.registry ?? process.env['PATCHBAY_REGISTRY'] ?? stored?.registry;
  const known = stored?.registry === registry ? stored?.token : undefined;
  const token = options.token ?? process.env['PATCHBAY_TOKEN'] ?? known;
  if (registry === undefined)
    return { ok: false, result: usageError('Which registry? Use "patchbay login", or --registry <url>.') };
  if (parseUrl(registry) === null)
    return { ok: false, result: usageError(`"${registry}" is no address of a registry.`) };
  if (token === undefined)
    return { ok: false, result: usageError(`No token for ${registry}. Use "patchbay login", or --token <token>.`) };
  return { ok: true, login: { registry, token } };
}

async function readStored(): Promise<Login | undefined> {
  try {
    return storedSchema.parse(JSON.parse(await readFile(fileOf(), 'utf8')));
  } catch {
    return undefined;
  }
}
