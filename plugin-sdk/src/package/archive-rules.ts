import { packageLimits } from '../contract/limits.ts';

/** Every rule that an archive can break; a finding names one of them. */
export const archiveRules = [
  'compression-ratio',
  'duplicate-path',
  'entry-count',
  'entry-type',
  'gzip',
  'header',
  'missing-file',
  'one-manifest',
  'packed-size',
  'path-absolute',
  'path-characters',
  'path-length',
  'path-parent',
  'path-windows',
  'sources',
  'trailing-data',
  'truncated',
  'unexpected-file',
  'unpacked-size',
] as const;

export type ArchiveRule = (typeof archiveRules)[number];

export interface ArchiveViolation {
  rule: ArchiveRule;
  /** Path of the entry; empty when the archive as a whole is meant. */
  entry: string;
  message: string;
}

const WINDOWS_CHARACTERS = /[<>:"|?*\\]/;
const WINDOWS_NAME = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * What is wrong with the path of an entry, or undefined. Paths that pass name the same file on every system: printable
 * ASCII, relative, without `.` and `..`, without names that Windows reads otherwise.
 */
export function pathViolation(path: string): Omit<ArchiveViolation, 'entry'> | undefined {
  if (path.length > packageLimits.pathChars)
    return { rule: 'path-length', message: `it is longer than ${packageLimits.pathChars} characters` };
  if (path === '' || /[^\x20-\x7e]/.test(path))
    return { rule: 'path-characters', message: 'it is empty or has characters other than printable ASCII' };
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return { rule: 'path-absolute', message: 'it is absolute' };
  const segments = path.split('/');
  if (segments.some((segment) => segment === '..'))
    return { rule: 'path-parent', message: 'it leaves its folder by ".."' };
  if (segments.some((segment) => segment === '' || segment === '.'))
    return { rule: 'path-characters', message: 'it has an empty part or "."' };
  if (WINDOWS_CHARACTERS.test(path))
    return { rule: 'path-windows', message: 'it has a character that Windows does not allow in names' };
  if (segments.some((segment) => /[. ]$/.test(segment)))
    return { rule: 'path-windows', message: 'a part of it ends in a dot or a space, which Windows drops' };
  if (segments.some((segment) => WINDOWS_NAME.test(segment)))
    return { rule: 'path-windows', message: 'a part of it is the name of a device on Windows' };
  return undefined;
}

/**
 * Tells whether paths of one archive can stand beside each other: no two that differ only by case, and no file where
 * another entry needs a folder.
 */
export class PathCollisions {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Adds the path; gives what it collides with in words, or undefined. */
  add(path: string, kind: 'file' | 'folder'): string | undefined {
    const folded = path.toLowerCase();
    for (let at = folded.indexOf('/'); at !== -1; at = folded.indexOf('/', at + 1)) {
      const parent = folded.slice(0, at);
      if (this.#files.has(parent)) return 'a folder of its path is a file of this archive';
      this.#folders.add(parent);
    }
    if (this.#files.has(folded)) return 'the archive has this path twice, or with other letter case';
    if (kind === 'folder') {
      this.#folders.add(folded);
      return undefined;
    }
    if (this.#folders.has(folded)) return 'it is a file and a folder at once';
    this.#files.add(folded);
    return undefined;
  }
}
