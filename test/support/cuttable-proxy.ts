import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A way to Postgres that can be cut: connections break and new ones are refused.
 *
 *   open    forwards everything
 *   armed   counts what the client sends in queries, and cuts itself at the one that was asked for
 *   cut     nothing gets through until it is restored
 */
export class CuttableProxy {
  readonly port: number;
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #armed: { left: number; when: CutWhen } | undefined;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
  }

  /** @param databaseUrl of the Postgres behind it */
  static async open(databaseUrl: string): Promise<CuttableProxy> {
    const target = Number(new URL(databaseUrl).port);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const proxy = new CuttableProxy(server, typeof address === 'object' ? (address?.port ?? 0) : 0, target);
    server.on('connection', (socket) => proxy.#forward(socket));
    return proxy;
  }

  /** The connection string, but through this proxy. */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.port = String(this.port);
    return url.href;
  }

  /**
   * Cuts itself at the n-th query from now on.
   *
   * @param when `unsent`: the database never sees the query; `unanswered`: it carries the query out and nobody hears so
   */
  cutAt(query: number, when: CutWhen): void {
    this.#armed = { left: query, when };
  }

  /** @returns whether it was still waiting for its query; it waits no more */
  disarm(): boolean {
    const waiting = this.#armed !== undefined;
    this.#armed = undefined;
    return waiting;
  }

  #forward(socket: Socket): void {
    const upstream = connect(this.#target, '127.0.0.1');
    this.#sockets.add(socket).add(upstream);
    socket.on('data', (chunk: Buffer) => {
      const cut = this.#isCutBy(chunk);
      if (cut !== 'unsent') upstream.write(chunk);
      if (cut === 'unsent') void this.cut();
      // The answer shows that the query was carried out; it is dropped with the connection.
      if (cut === 'unanswered') upstream.removeAllListeners('data').once('data', () => void this.cut());
    });
    upstream.on('data', (chunk: Buffer) => socket.write(chunk));
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('end', () => other.end());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  #isCutBy(chunk: Buffer): CutWhen | undefined {
    if (this.#armed === undefined || !isQuery(chunk)) return undefined;
    this.#armed.left -= 1;
    if (this.#armed.left > 0) return undefined;
    const { when } = this.#armed;
    this.#armed = undefined;
    return when;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async restore(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = createServer((socket) => this.#forward(socket)).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    await this.cut();
  }
}

export type CutWhen = 'unsent' | 'unanswered';

const PARSE = 'P'.charCodeAt(0);
const SIMPLE_QUERY = 'Q'.charCodeAt(0);

/** node-postgres writes a query in one piece, which begins with Parse or with a simple query (begin, commit). */
function isQuery(chunk: Buffer): boolean {
  return chunk[0] === PARSE || chunk[0] === SIMPLE_QUERY;
}
