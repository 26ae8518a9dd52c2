import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './folders.mjs';

const SKIPPED_FOLDERS = new Set(['node_modules', 'coverage', '.git']);

// Several steps look at the same folders, and nothing that is built lies in them.
const known = new Map();

/**
 * A digest of files and folders by name and content. What does not exist counts as such: its appearance changes the
 * digest. Within one process a path is read once.
 *
 * @param {readonly string[]} paths relative to the checkout
 * @param {(path: string) => boolean} [accept] asked for every file inside a folder; the same for one path every time
 * @returns {string} hex
 */
export function digestOf(paths, accept = () => true) {
  const all = createHash('sha256');
  for (const path of paths) {
    if (!known.has(path)) {
      const hash = createHash('sha256');
      addPath(hash, path, accept);
      known.set(path, hash.digest('hex'));
    }
    all.update(known.get(path));
  }
  return all.digest('hex');
}

function addPath(hash, path, accept) {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (stat === undefined) {
    hash.update(`absent ${path}\n`);
  } else if (stat.isDirectory()) {
    for (const name of readdirSync(join(ROOT, path)).sort()) {
      if (SKIPPED_FOLDERS.has(name)) continue;
      const child = `${path}/${name}`;
      const isFolder = statSync(join(ROOT, child), { throwIfNoEntry: false })?.isDirectory() ?? false;
      if (isFolder || accept(child)) addPath(hash, child, accept);
    }
  } else {
    const content = readFileSync(join(ROOT, path));
    hash.update(`file ${path} ${content.length}\n`).update(content);
  }
}
