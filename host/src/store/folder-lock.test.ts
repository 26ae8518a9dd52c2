import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FolderLockedError, lockFolder } from './folder-lock.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-lock-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

it('lets one in, refuses the second, and the next one after it was given back', () => {
  const folder = newFolder();
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(FolderLockedError);
  unlock();
  unlock();
  lockFolder(folder)();
});

it('makes a folder that is missing', () => {
  lockFolder(join(newFolder(), 'a', 'b'))();
});

it('refuses while another process lives and takes over when it was killed', async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const unlock = lockFolder(folder);
  const mine = JSON.parse(readFileSync(join(folder, 'host.lock'), 'utf8')) as object;
  unlock();
  writeFileSync(join(folder, 'host.lock'), JSON.stringify({ ...mine, pid: child.pid, startTicks: null }));
  expect(() => lockFolder(folder)).toThrow(/process \d+/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder)();
});

it('takes over from an earlier process that had our own pid', () => {
  const folder = newFolder();
  const unlock = lockFolder(folder);
  const content = readFileSync(join(folder, 'host.lock'), 'utf8');
  unlock();
  writeFileSync(join(folder, 'host.lock'), content);
  lockFolder(folder)();
});

it('believes a holder on another machine as long as it touches the file', () => {
  const folder = newFolder();
  const path = join(folder, 'host.lock');
  writeFileSync(path, JSON.stringify({ pid: 1, startTicks: null, hostname: 'elsewhere' }));
  expect(() => lockFolder(folder)).toThrow(/elsewhere/);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, longAgo, longAgo);
  lockFolder(folder)();
});

it('takes over a torn file once nobody touches it', () => {
  const folder = newFolder();
  const path = join(folder, 'host.lock');
  writeFileSync(path, '{"pi');
  expect(() => lockFolder(folder)).toThrow(FolderLockedError);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, longAgo, longAgo);
  lockFolder(folder)();
});
