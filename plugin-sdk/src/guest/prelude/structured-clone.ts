/** A deep copy of data (html.spec.whatwg.org, structuredClone), without transfer; functions and symbols are refused. */
export function structuredClone<T>(value: T): T {
  return copy(value, new Map()) as T;
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new DOMException(`${typeof value} cannot be cloned`, 'DataCloneError');
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const remember = <C extends object>(made: C): C => {
    seen.set(value, made);
    return made;
  };
  if (Array.isArray(value)) {
    const made = remember(new Array<unknown>(value.length));
    for (const key of Object.keys(value)) made[key as unknown as number] = copy(value[key as unknown as number], seen);
    return made;
  }
  if (value instanceof Date) return remember(new Date(value.getTime()));
  if (value instanceof RegExp) return remember(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return remember(value.slice(0));
  if (ArrayBuffer.isView(value)) return remember(copyView(value, seen));
  if (value instanceof Map) {
    const made = remember(new Map<unknown, unknown>());
    for (const [key, part] of value) made.set(copy(key, seen), copy(part, seen));
    return made;
  }
  if (value instanceof Set) {
    const made = remember(new Set<unknown>());
    for (const part of value) made.add(copy(part, seen));
    return made;
  }
  if (value instanceof Error) {
    const made = remember(new Error(value.message));
    made.name = value.name;
    if (value.stack !== undefined) made.stack = value.stack;
    if (value.cause !== undefined) made.cause = copy(value.cause, seen);
    return made;
  }
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise)
    throw new DOMException('This object cannot be cloned', 'DataCloneError');
  const made: Record<string, unknown> = remember({});
  for (const [key, part] of Object.entries(value)) made[key] = copy(part, seen);
  return made;
}

function copyView(view: ArrayBufferView, seen: Map<object, unknown>): ArrayBufferView {
  const buffer = copy(view.buffer, seen) as ArrayBuffer;
  if (view instanceof DataView) return new DataView(buffer, view.byteOffset, view.byteLength);
  const array = view as Uint8Array;
  const Constructor = array.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => Uint8Array;
  return new Constructor(buffer, array.byteOffset, array.length);
}
