import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseLimits } from '@patchbay/plugin-sdk/contract/limits';
import { startHeartbeat, type HeartbeatTimes } from './heartbeat.ts';
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
 * One connection listens for everybody. It is lost when it breaks, and when it does not answer its heartbeat: nothing
 * else would tell that a proxy on the way has forgotten it. After each connect every listener is called once, because
 * messages sent in between are gone.
 */
export function postgresChannels(
  connectionString: string,
  query: (sql: string, values: string[]) => Promise<unknown>,
  log: StoreLog,
  times: HeartbeatTimes = { everyMs: databaseLimits.heartbeatEveryMs, answerMs: databaseLimits.heartbeatAnswerMs },
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
    let endHeartbeat = (): void => undefined;
    try {
      await own.connect();
      // Before anything is asked: a connection may fall silent as soon as it is there.
      endHeartbeat = startHeartbeat(
        () => own.query('select 1'),
        times,
        () => {
          log.warn({ silentMs: times.answerMs }, 'the listening connection does not answer and is opened again');
          destroy(own);
        },
      );
      own.on('notification', (message) => emitter.emit(message.channel, message.payload ?? ''));
      client = own;
      for (const channel of emitter.eventNames()) await own.query(`listen ${quote(String(channel))}`);
      onReady();
      for (const channel of emitter.eventNames()) emitter.emit(channel, '');
      if (!stop.signal.aborted) await lost;
    } finally {
      client = undefined;
      endHeartbeat();
      await end(own);
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

  /** Says goodbye, and does not wait for long until that has been heard. */
  async function end(own: pg.Client): Promise<void> {
    const unheard = setTimeout(() => destroy(own), times.answerMs);
    await own.end().catch(() => undefined);
    clearTimeout(unheard);
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
      if (client !== undefined) await end(client);
      await running;
      emitter.removeAllListeners();
    },
  };
}

function destroy({ connection }: pg.Client): void {
  if (connection.stream instanceof Socket) connection.stream.destroy();
}

function quote(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
