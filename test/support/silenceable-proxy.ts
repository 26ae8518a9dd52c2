import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on which nothing is broken or refused, and nothing gets through while it is hushed. */
export async function openSilenceableProxy(target: number) {
  const sockets = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  let hushed = false;
  let opened = 0;
  const server = createServer((socket) => {
    opened += 1;
    const upstream = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk: Buffer) => other.write(chunk));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (hushed) one.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** How many connections came through it. */
    opened: () => opened,
    hush() {
      hushed = true;
      for (const one of sockets) one.pause();
    },
    /** Carries nothing of what is open now ever again, as one that has lost its table; new connections get through. */
    forget() {
      for (const one of sockets) forgotten.add(one.pause());
    },
    speak() {
      hushed = false;
      for (const one of sockets) if (!forgotten.has(one)) one.resume();
    },
    close() {
      for (const one of sockets) one.destroy();
      server.close();
    },
  };
}
