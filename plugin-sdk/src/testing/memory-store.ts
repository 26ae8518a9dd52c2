import type { AskAnswer, StoreAnswer, StoreAsk } from '../contract/journal.ts';
import { sandboxLimits } from '../contract/limits.ts';

export type MemoryStore = Map<string, StoredValue>;

interface StoredValue {
  value: unknown;
  version: number;
}

/**
 * One operation on a store in memory, answered as a host answers it.
 *
 * @param bytes that the store may hold
 */
export function performStore(ask: StoreAsk, store: MemoryStore, bytes: number = sandboxLimits.storeBytes): AskAnswer {
  if (ask.op === 'list') {
    const keys = [...store.keys()].filter((key) => key.startsWith(ask.prefix) && isAfter(key, ask.after ?? ''));
    return answer({ keys: keys.sort((a, b) => (isAfter(a, b) ? 1 : -1)).slice(0, sandboxLimits.storeListKeys) });
  }
  const present = store.get(ask.key);
  if (ask.op === 'get') return answer({ value: present?.value ?? null, version: present?.version ?? 0 });
  if (ask.op === 'set') {
    const refused = refusedForSize(ask.key, ask.value, store, bytes);
    if (refused !== undefined) return refused;
  }
  if (ask.ifVersion !== null && ask.ifVersion !== (present?.version ?? 0))
    return error('CONFLICT', `The stored version is ${present?.version ?? 0}.`);
  if (ask.op === 'delete') {
    store.delete(ask.key);
    return answer({ version: 0 });
  }
  const version = (present?.version ?? 0) + 1;
  store.set(ask.key, { value: JSON.parse(JSON.stringify(ask.value ?? null)) as unknown, version });
  return answer({ version });
}

function refusedForSize(key: string, value: unknown, store: MemoryStore, bytes: number): AskAnswer | undefined {
  const own = bytesOf(key, value);
  if (own > sandboxLimits.storeValueBytes)
    return error('STORE_VALUE_TOO_LARGE', `A stored value has at most ${sandboxLimits.storeValueBytes} bytes`);
  let all = own;
  for (const [other, stored] of store) if (other !== key) all += bytesOf(other, stored.value);
  return all > bytes ? error('STORE_FULL', `The store of this installation holds at most ${bytes} bytes`) : undefined;
}

function bytesOf(key: string, value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value ?? null)) + Buffer.byteLength(key);
}

/** By code points, as a database orders UTF-8. */
function isAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

function answer(value: StoreAnswer): AskAnswer {
  return { ok: value };
}

function error(code: string, message: string): AskAnswer {
  return { error: { code, message } };
}
