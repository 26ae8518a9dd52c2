import { runtime } from './runtime.ts';
import type { StoreAsk, StoreAnswer } from '../contract/journal.ts';

/** A stored value and its version, which rises with every write. */
export interface StoredValue {
  value: unknown;
  version: number;
}

/** Under which condition a write counts. */
export interface WriteCondition {
  /** Write only if the stored version is this one; 0: only if there is none. Else the code is CONFLICT. */
  ifVersion?: number;
}

/** The installation's own store: JSON values by key, kept between calls. Needs `permissions.store`. */
export interface Store {
  /** The value, or undefined when there is none. */
  get<T = unknown>(key: string): Promise<T | undefined>;
  /** The value with its version, or undefined when there is none. */
  read(key: string): Promise<StoredValue | undefined>;
  /** Gives the new version. */
  set(key: string, value: unknown, condition?: WriteCondition): Promise<number>;
  delete(key: string, condition?: WriteCondition): Promise<void>;
  /** Keys that begin with the prefix, sorted, one page; `after` is the last key of the page before. */
  list(prefix?: string, page?: { after?: string }): Promise<string[]>;
}

async function ask(request: StoreAsk): Promise<StoreAnswer> {
  return (await runtime().ask('store', request)) as StoreAnswer;
}

export const store: Store = {
  async get<T>(key: string) {
    return (await store.read(key))?.value as T | undefined;
  },
  async read(key) {
    const { value, version } = await ask({ op: 'get', key });
    return version === undefined || version === 0 ? undefined : { value, version };
  },
  async set(key, value, condition = {}) {
    const { version } = await ask({ op: 'set', key, value, ifVersion: condition.ifVersion ?? null });
    return version ?? 0;
  },
  async delete(key, condition = {}) {
    await ask({ op: 'delete', key, ifVersion: condition.ifVersion ?? null });
  },
  async list(prefix = '', page = {}) {
    return (await ask({ op: 'list', prefix, after: page.after ?? null })).keys ?? [];
  },
};
