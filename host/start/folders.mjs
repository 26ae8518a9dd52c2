import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where prepare remembers what it has installed and built. Inside node_modules, so that deleting that forgets it too. */
export const STAMPS = join(ROOT, 'node_modules', '.patchbay');
