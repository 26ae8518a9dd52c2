import { packageFiles, type PluginPackage } from '../package/plugin-package.ts';

/** Everything in a package that a person may read: all files but the module and its map. */
export function textFiles({ files }: PluginPackage): [path: string, bytes: Buffer][] {
  const binary = new Set<string>([packageFiles.module, packageFiles.sourceMap]);
  return [...files].filter(([path]) => !binary.has(path));
}

/** Path, line and column of an offset into a text; line and column count from 1. */
export function placeIn(path: string, text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${path}:${line}:${offset - before.lastIndexOf('\n')}`;
}
