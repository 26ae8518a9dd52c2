import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StoreLog } from './open-store.ts';

/**
 * Wake-up calls between the parts of all hosts on one database. They may be lost: whoever listens also polls.
 */
export interface Channels {
  /**
   * @param onMessage called with the payload of each message, and with '' when some may have been missed
   * @returns the function that ends it
   */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  notify(channel: string, payload?: string): Promise<void>;
  close(): Promise<void>;
}

/** Within one process, for PGlite, which one process at a time has open. */
export function localChannels(): Channels {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    async listen(channel, onMessage) {
      emitter.on(channel, onMessage);
      return async () => void emitter.off(channel, onMessage);
    },
    async notify(channel, payload = '') {
      setImmediate(() => emitter.emit(channel, payload));
    },
    async close() {
      emitter.removeAllListeners();
    },
  };
}

const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 5_000;

/**
 * LISTEN and NOTIFY of Postgres.
 *
 *   idle --first listen--> connecting --connected--> listening --lost--> connecting (backing off) ... --close--> closed
 *
 * One connection listens for everybody. After each connect every listener is called once, because messages sent in
 * between are gone.
 */
export function postgresChannels(
  connectionString: string,
  query: (sql: string, values: string[]) => Promise<unknown>,
  log: StoreLog,
): Channels {
  const emitter = new EventEmitter().setMaxListeners(0);
  const stop = new AbortController();
  let client: pg.Client | undefined;
  let running: Promise<void> | undefined;

  async function connectOnce(onReady: () => void): Promise<void> {
    const own = new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: RECONNECT_MAX_MS });
    const lost = new Promise<void>((resolve) => {
      own.on('error', () => resolve());
      own.once('end', () => resolve());
    });
    try {
      await own.connect();
      own.on('notification', (message) => emitter.emit(message.channel, message.payload ?? ''));
      client = own;
      for (const channel of emitter.eventNames()) await own.query(`listen ${quote(String(channel))}`);
      onReady();
      for (const channel of emitter.eventNames()) emitter.emit(channel, '');
      if (!stop.signal.aborted) await lost;
    } finally {
      client = undefined;
      await own.end().catch(() => undefined);
    }
  }

  async function keepListening(): Promise<void> {
    let wait = RECONNECT_MIN_MS;
    while (!stop.signal.aborted) {
      try {
        await connectOnce(() => (wait = RECONNECT_MIN_MS));
      } catch (error) {
        log.warn({ error: error instanceof Error ? error.message : String(error) }, 'the listening connection failed');
      }
      await sleep(wait, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      wait = Math.min(wait * 2, RECONNECT_MAX_MS);
    }
  }

  return {
    async listen(channel, onMessage) {
      const first = emitter.listenerCount(channel) === 0;
      emitter.on(channel, onMessage);
      running ??= keepListening();
      // When this fails the connection is lost, and the next one listens to every channel.
      if (first) await client?.query(`listen ${quote(channel)}`).catch(() => undefined);
      return async () => {
        emitter.off(channel, onMessage);
        if (emitter.listenerCount(channel) === 0)
          await client?.query(`unlisten ${quote(channel)}`).catch(() => undefined);
      };
    },
    async notify(channel, payload = '') {
      await query('select pg_notify($1, $2)', [channel, payload]);
    },
    async close() {
      stop.abort();
      await client?.end().catch(() => undefined);
      await running;
      emitter.removeAllListeners();
    },
  };
}

function quote(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
