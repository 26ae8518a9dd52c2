import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startedHostData } from '../support/databases.ts';
import { startHost } from '../support/host-process.ts';
import { until } from '../support/until.ts';

const newHostData = startedHostData();
const OPENED = 'Debugger listening';

// What a sandbox process of the same user can send: where the host does not run as root, nothing else is in its way.
it.skipIf(process.platform === 'win32')('opens no inspector when it gets SIGUSR1', async () => {
  const plain = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
  onTestFinished(() => void plain.kill('SIGKILL'));
  let said = '';
  for (const stream of [plain.stdout, plain.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const host = await startHost(await newHostData());
  onTestFinished(async () => void (await host.stop()));

  await until('the start', () => (said.includes('up') ? true : undefined));
  plain.kill('SIGUSR1');
  for (let time = 0; time < 5; time++) {
    process.kill(host.pid, 'SIGUSR1');
    await sleep(20);
  }
  // By then a Node that does not handle the signal has opened its own.
  await until('an inspector', () => (said.includes(OPENED) ? true : undefined));
  expect((await host.request('/health/ready')).status).toBe(200);
  expect(host.output()).not.toContain(OPENED);
});
