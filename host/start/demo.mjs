import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The demo's side of `npm start -- --demo`: a data folder of its own, so that what it shows never mixes with real
 * incidents, leave to reach the stand-ins on this machine, and a token for the program that plays the alerts.
 */
export function prepareDemo() {
  process.env.PATCHBAY_DATA ??= '.patchbay-demo';
  process.env.EGRESS_ALLOW ??= '127.0.0.0/8';
  process.env.PATCHBAY_BOOTSTRAP_TOKEN ??= keptToken(process.env.PATCHBAY_DATA);
}

/**
 * One token for every start over the same data, so that no start leaves an owner's token behind.
 *
 * @param {string} folder
 */
function keptToken(folder) {
  const path = join(folder, 'demo.token');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `pbt_${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

/** Plays the recorded alerts in a process of its own, which ends with the host. */
export function playDemo() {
  const scheme = process.env.TLS_CERT_FILE ? 'https' : 'http';
  const player = spawn(process.execPath, ['host/start/run-typescript.mjs', 'test/demo/main.ts'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATCHBAY_URL: `${scheme}://${process.env.HOST || '127.0.0.1'}:${process.env.PORT || 3000}`,
      PATCHBAY_TOKEN: process.env.PATCHBAY_BOOTSTRAP_TOKEN,
    },
  });
  process.on('exit', () => player.kill());
}
