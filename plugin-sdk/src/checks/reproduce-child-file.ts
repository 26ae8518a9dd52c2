import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = 'reproduce-child.mjs';

/** The child's bundle in the SDK's dist folder; in a checkout it is made first, so that it is never an old one. */
export async function reproduceChildFile(): Promise<string> {
  const builder = new URL('../../build/build-reproduce-child.mjs', import.meta.url);
  if (import.meta.url.endsWith('/src/checks/reproduce-child-file.ts') && existsSync(fileURLToPath(builder))) {
    const { buildReproduceChild } = (await import(builder.href)) as { buildReproduceChild(): Promise<string> };
    return buildReproduceChild();
  }
  const places = [`./${FILE}`, `../../dist/${FILE}`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const file = places.find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${FILE} is missing; build the SDK`);
  return file;
}
