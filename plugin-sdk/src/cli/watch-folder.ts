import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Editors write several files at once, and one file several times. */
const SETTLE_MS = 120;
/** What a build writes is no reason for the next. */
const IGNORED = /(^|[\\/])(dist|node_modules|\.git)([\\/]|$)|~$|\.sw[px]$/;

/**
 * Tells of every change beneath a folder, once it is quiet again.
 *
 * Each folder is watched by itself. Node 20 watches the files of a tree on Linux one by one, and loses one for good when an
 * editor puts a new file in its place; a folder sees what takes which name.
 *
 * @param changed gets the path in the folder of something that changed, and of one that is still there if there is any
 * @returns the function that ends it
 */
export function watchFolder(root: string, changed: (path: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const paths = new Set<string>();
  let waiting: NodeJS.Timeout | undefined;

  const settled = (): void => {
    const all = [...paths];
    paths.clear();
    changed(all.find((path) => existsSync(join(root, path))) ?? all[0] ?? '');
  };
  const note = (path: string): void => {
    if (IGNORED.test(path)) return;
    paths.add(path);
    clearTimeout(waiting);
    waiting = setTimeout(settled, SETTLE_MS);
  };
  const drop = (folder: string): void => {
    for (const [path, watcher] of watchers)
      if (path === folder || path.startsWith(folder + sep)) {
        watcher.close();
        watchers.delete(path);
      }
  };
  /** Watches a folder and those in it; they may go away at any moment. */
  const cover = (folder: string, isNew: boolean): void => {
    const known = watchers.has(folder);
    try {
      if (!known)
        watchers.set(
          folder,
          watch(folder, (kind, name) => {
            if (name === null) return;
            const path = join(folder, name);
            note(relative(root, path));
            // A folder that went away, perhaps with another in its place.
            if (kind === 'rename') drop(path);
            cover(folder, true);
          }).on('error', () => drop(folder)),
        );
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (IGNORED.test(relative(root, path))) continue;
        // What was written into a new folder before it was watched.
        if (isNew && !known) note(relative(root, path));
        if (entry.isDirectory()) cover(path, isNew);
      }
    } catch {
      drop(folder);
    }
  };

  cover(root, false);
  return () => {
    clearTimeout(waiting);
    drop(root);
  };
}
