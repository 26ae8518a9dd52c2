import { leb128 } from './leb128.ts';
import { sectionIds, type ModuleShape } from './module-reader.ts';

const PREFIX = 'patchbay:global:';
const GLOBAL_KIND = 3;

/**
 * The export section with every mutable global in it, under a name of ours where the module keeps it to itself: what can
 * be read and written from outside can be put back. A module that has such a name already is refused by V8, which
 * takes no name twice.
 */
export function exportSection(bytes: Uint8Array, shape: ModuleShape): Uint8Array {
  const section = shape.sections.find(({ id }) => id === sectionIds.export);
  const visible = new Set(shape.exports.filter(({ kind }) => kind === 'global').map(({ index }) => index));
  const added = shape.globals.flatMap(({ mutable }, index) => (mutable && !visible.has(index) ? [index] : []));
  const entries = added.map((index) => {
    const name = Buffer.from(PREFIX + String(index));
    return Buffer.concat([
      Uint8Array.from(leb128(name.length)),
      name,
      Uint8Array.from([GLOBAL_KIND, ...leb128(index)]),
    ]);
  });
  const body = Buffer.concat([
    Uint8Array.from(leb128(shape.exports.length + added.length)),
    section === undefined ? new Uint8Array() : entriesOf(bytes, section),
    ...entries,
  ]);
  return Buffer.concat([Uint8Array.from([sectionIds.export, ...leb128(body.length)]), body]);
}

/** What stands in a section behind its count. */
export function entriesOf(bytes: Uint8Array, { contents, end }: { contents: number; end: number }): Uint8Array {
  let at = contents;
  while ((bytes[at] ?? 0) >= 0x80) at++;
  return bytes.subarray(at + 1, end);
}
