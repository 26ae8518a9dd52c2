import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sdkFolder } from '../engine/load-engine.ts';

let version: string | undefined;

/** The version of this SDK, which together with a plugin's sources decides the bytes of its module. */
export function sdkVersion(): string {
  version ??= (JSON.parse(readFileSync(join(sdkFolder(), 'package.json'), 'utf8')) as { version: string }).version;
  return version;
}
