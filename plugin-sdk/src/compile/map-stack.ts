import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** The name under which a bundle is evaluated, so that its frames are known in a stack. */
export const BUNDLE_FILE = 'plugin.js';
/** The name of the SDK's own code inside the engine; its frames say nothing to an author. */
export const PRELUDE_FILE = 'patchbay-sdk';

const BUNDLE_PLACE = /\bplugin\.js:(\d+):(\d+)/;
const PRELUDE_PLACE = /\bpatchbay-sdk:\d+:\d+/;

export interface SourcePlace {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

let latest: { text: string; map: TraceMap } | undefined;

/** The parsed map; the last one is kept, because errors of one plugin come together. */
function traceMap(sourceMap: string): TraceMap {
  if (latest?.text !== sourceMap) latest = { text: sourceMap, map: new TraceMap(sourceMap) };
  return latest.map;
}

/** Where a place of the bundle comes from, or undefined for code that the bundler added. */
function originalPlace(line: number, column: number, sourceMap: string): SourcePlace | undefined {
  // The engine names the character before a called name, or its first one, counted from 1: taken as counted from 0
  // either lies in the name.
  const found = originalPositionFor(traceMap(sourceMap), { line, column });
  return found.source === null ? undefined : { file: found.source, line: found.line, column: found.column + 1 };
}

/**
 * A stack from inside the sandbox with its places in the author's files.
 *
 * @param stack as the engine wrote it
 * @param sourceMap JSON text of the map that the compiler made for this very module
 * @returns one frame a line; frames of the SDK's own code are left out
 */
export function mapStack(stack: string, sourceMap: string): string {
  return stack
    .split('\n')
    .filter((frame) => frame.trim() !== '' && !PRELUDE_PLACE.test(frame))
    .map((frame) =>
      frame.replace(BUNDLE_PLACE, (place, line: string, column: string) => {
        const original = originalPlace(Number(line), Number(column), sourceMap);
        return original === undefined ? place : `${original.file}:${original.line}:${original.column}`;
      }),
    )
    .join('\n');
}

/** The innermost place of a stack that lies in the author's own files, outside packages and the SDK. */
export function firstAuthorPlace(stack: string, sourceMap: string): SourcePlace | undefined {
  const places = stack.split('\n').flatMap((frame) => {
    const found = BUNDLE_PLACE.exec(frame);
    const place = found === null ? undefined : originalPlace(Number(found[1]), Number(found[2]), sourceMap);
    return place === undefined ? [] : [place];
  });
  return places.find(({ file }) => !file.startsWith('node_modules/') && !file.startsWith('patchbay:')) ?? places[0];
}
