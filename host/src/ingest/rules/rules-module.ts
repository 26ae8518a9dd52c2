import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../../../dist/event-rules/module.wasm', import.meta.url));

/** The module that evaluates rules, which is built with the host out of host/event-rules. */
export async function readRulesModule(): Promise<{ sha256: string; bytes: Uint8Array }> {
  const bytes = await readFile(FILE);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}
