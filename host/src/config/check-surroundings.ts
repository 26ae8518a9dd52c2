import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Config } from './config.ts';

/**
 * What the settings point to, looked at before anything is opened, so that a long first start does not end at a file
 * that cannot be read.
 *
 * @returns every problem by the variable that is to be corrected
 */
export function checkSurroundings(config: Config): { variable: string; message: string }[] {
  const problems: { variable: string; message: string }[] = [];
  const attempt = (variable: string, file: string | undefined, what: string, use: (path: string) => void): void => {
    if (file === undefined) return;
    try {
      use(file);
    } catch (error) {
      problems.push({ variable, message: `${file} ${what} (${reasonOf(error)})` });
    }
  };
  attempt('PATCHBAY_DATA', config.PATCHBAY_DATA, 'cannot be made or written: choose a folder of your own', (path) => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  });
  attempt(
    'TLS_CERT_FILE',
    config.TLS_CERT_FILE,
    'is no certificate in PEM that can be read',
    (path) => void new X509Certificate(readFileSync(path)),
  );
  attempt('TLS_KEY_FILE', config.TLS_KEY_FILE, 'is no private key in PEM that can be read', (path) => {
    createPrivateKey(readFileSync(path));
  });
  return problems;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'not in the expected format';
}
