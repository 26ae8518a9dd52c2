/** One line of a JSON document as it is drawn. */
export interface JsonLine {
  /** Where it is: `$.labels.alertname`; unique per opening line. */
  path: string;
  depth: number;
  /** The name before the colon, with no quotes; null in lists and for closing brackets. */
  name: string | null;
  text: string;
  kind: 'string' | 'number' | 'keyword' | 'open' | 'folded' | 'close';
  /** Number of entries of what opens or is folded here. */
  size: number;
  comma: boolean;
}

/** Turns a value into lines; paths in `folded` are drawn as one. Cycles cannot occur: values come from JSON. */
export function jsonLines(value: unknown, folded: ReadonlySet<string>): JsonLine[] {
  const lines: JsonLine[] = [];

  function add(path: string, depth: number, name: string | null, at: unknown, comma: boolean): void {
    if (at === null || typeof at !== 'object') {
      const kind = typeof at === 'string' ? 'string' : typeof at === 'number' ? 'number' : 'keyword';
      lines.push({ path, depth, name, text: JSON.stringify(at) ?? 'null', kind, size: 0, comma });
      return;
    }
    const list = Array.isArray(at);
    const entries: [string, unknown][] = list ? at.map((one, index) => [String(index), one]) : Object.entries(at);
    const open = list ? '[' : '{';
    const close = list ? ']' : '}';
    if (entries.length === 0) {
      lines.push({ path, depth, name, text: `${open}${close}`, kind: 'keyword', size: 0, comma });
      return;
    }
    if (folded.has(path)) {
      lines.push({ path, depth, name, text: `${open}…${close}`, kind: 'folded', size: entries.length, comma });
      return;
    }
    lines.push({ path, depth, name, text: open, kind: 'open', size: entries.length, comma: false });
    entries.forEach(([key, child], index) => {
      const childPath = list ? `${path}[${key}]` : `${path}.${key}`;
      add(childPath, depth + 1, list ? null : key, child, index < entries.length - 1);
    });
    lines.push({ path: `${path}#end`, depth, name: null, text: close, kind: 'close', size: 0, comma });
  }

  add('$', 0, null, value, false);
  return lines;
}

/** Everything that can be folded at or below a depth; what a long document starts with. */
export function pathsFrom(value: unknown, fromDepth: number): Set<string> {
  return new Set(
    jsonLines(value, new Set())
      .filter((line) => line.kind === 'open' && line.depth >= fromDepth)
      .map((line) => line.path),
  );
}

/** A document is either JSON or text; `undefined` when it is not JSON. */
export function tryJson(text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
