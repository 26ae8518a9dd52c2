import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where an author's key and logins lie: below XDG_CONFIG_HOME, APPDATA on Windows, or ~/.config. */
export function configurationFolder(): string {
  const base = process.platform === 'win32' ? process.env['APPDATA'] : process.env['XDG_CONFIG_HOME'];
  return join(base ?? join(homedir(), '.config'), 'patchbay');
}
