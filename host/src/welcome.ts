import type { Config } from './config/config.ts';

/** What the console shows once the host can be reached. */
export interface Welcome {
  url: string;
  dataFolder: string;
  database: 'pglite' | 'postgres';
  setupCode: string | null;
  /** A command that works when pasted; shown at first start. */
  sampleCurl: string | null;
  warnings: readonly { message: string }[];
}

/** The text for the console: where to look, how to sign in the first time, what to try, what to be careful of. */
export function welcomeText({ url, dataFolder, database, setupCode, sampleCurl, warnings }: Welcome): string {
  const lines = ['', `Patchbay is running at ${url}`, ''];
  if (setupCode !== null)
    lines.push('Nobody has signed in yet. Open this link to become the owner:', `  ${url}/setup?code=${setupCode}`, '');
  if (sampleCurl !== null) lines.push('Send a first alert (paste this into another terminal):', indent(sampleCurl), '');
  lines.push(`Data: ${dataFolder}${database === 'postgres' ? ' (packages and keys; the database is Postgres)' : ''}`);
  lines.push(`API:  ${url}/api/docs`);
  for (const { message } of warnings) lines.push('', `Warning: ${message}`);
  return `${lines.join('\n')}\n\n`;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Settings that are meant for tests and must not be forgotten. The interface shows them on every screen. */
export function configWarnings(config: Config): { code: string; message: string }[] {
  const warnings: { code: string; message: string }[] = [];
  if (!config.INTEGRATION_VERIFY_SIGNATURES)
    warnings.push({
      code: 'SIGNATURES_OFF',
      message: 'Signatures of senders are not checked (INTEGRATION_VERIFY_SIGNATURES=false). Use this for tests only.',
    });
  if (!config.INTEGRATION_RATE_LIMIT)
    warnings.push({
      code: 'RATE_LIMIT_OFF',
      message: 'Senders are not limited in rate (INTEGRATION_RATE_LIMIT=false). Use this for tests only.',
    });
  if (config.PATCHBAY_ALLOW_PLAIN_HTTP && config.TLS_CERT_FILE === undefined)
    warnings.push({
      code: 'PLAIN_HTTP',
      message:
        'Plain http is allowed beyond this machine (PATCHBAY_ALLOW_PLAIN_HTTP). Keys and alerts can be read on the way.',
    });
  return warnings;
}
