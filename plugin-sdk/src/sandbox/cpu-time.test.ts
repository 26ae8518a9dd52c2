import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { processCpuTime } from './cpu-time.ts';

it.runIf(process.platform === 'linux')('tells the first thread of a process from the others', async () => {
  const before = processCpuTime(process.pid);
  const worker = new Worker('const from = process.cpuUsage().user; while (process.cpuUsage().user - from < 400_000);', {
    eval: true,
  });
  await new Promise((resolve) => worker.once('exit', resolve));
  const after = processCpuTime(process.pid);
  if (before === undefined || after === undefined) throw new Error('there is no /proc');
  const others = after.others - before.others;
  expect(others).toBeGreaterThan(200_000);
  expect(after.all - before.all - others).toBeLessThan(others);
  expect(processCpuTime(2 ** 30)).toBeUndefined();
});
