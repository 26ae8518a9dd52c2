import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

describe('npm start', () => {
  it('refuses an option that it does not know and shows those that it does', () => {
    const { status, stdout, stderr } = run('host/start/start.mjs', '--dmeo');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Unknown option: --dmeo');
    expect(stderr).toContain('--demo');
  });

  it('explains itself', () => {
    const { status, stdout } = run('host/start/start.mjs', '--help');
    expect(status).toBe(0);
    for (const word of ['--demo', 'PORT', 'HOST', 'PATCHBAY_DATA', 'DATABASE_URL', 'PATCHBAY_BOOTSTRAP_TOKEN']) {
      expect(stdout).toContain(word);
    }
  });
});

describe('npm run patchbay', () => {
  it('prints the answer of the command and nothing else to standard output', () => {
    const { status, stdout } = run('host/start/patchbay.mjs', '--version');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ends with the exit code of the command', () => {
    expect(run('host/start/patchbay.mjs', 'no-such-command').status).not.toBe(0);
  });
});

function run(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...args], { cwd: ROOT, encoding: 'utf8' });
}
