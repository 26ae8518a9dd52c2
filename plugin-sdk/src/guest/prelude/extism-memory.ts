/**
 * Memory and MemoryHandle of @extism/js-pdk. There they are for passing bytes to host functions of the user, of which
 * there are none here; so the blocks lie in the plugin's own memory.
 */
type Pointer = number | bigint;

const ALIGNMENT = 16;
const blocks = new Map<number, Uint8Array<ArrayBuffer>>();
let nextOffset = ALIGNMENT;

export class MemoryHandle {
  offset: Pointer;
  len: Pointer;

  constructor(offset: Pointer, len: Pointer) {
    this.offset = offset;
    this.len = len;
  }

  #view(length: number): DataView {
    const bytes = bytesOf(this);
    if (bytes.length < length) throw new RangeError(`The block has ${bytes.length} bytes and not ${length}`);
    return new DataView(bytes.buffer, bytes.byteOffset);
  }

  readString(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(this));
  }
  readUInt32(): number {
    return this.#view(4).getUint32(0, true);
  }
  readUInt64(): bigint {
    return this.#view(8).getBigUint64(0, true);
  }
  readFloat32(): number {
    return this.#view(4).getFloat32(0, true);
  }
  /** The name is that of @extism/js-pdk. */
  readUFloat64(): number {
    return this.#view(8).getFloat64(0, true);
  }
  readBytes(): ArrayBuffer {
    return bytesOf(this).slice().buffer;
  }
  readJsonObject(): unknown {
    return JSON.parse(this.readString());
  }
  free(): void {
    blocks.delete(Number(this.offset));
  }
}

function bytesOf({ offset, len }: MemoryHandle): Uint8Array<ArrayBuffer> {
  const block = blocks.get(Number(offset));
  if (block === undefined) throw new RangeError(`There is no block at ${offset}`);
  return block.subarray(0, Number(len));
}

function keep(bytes: Uint8Array<ArrayBuffer>): MemoryHandle {
  const offset = nextOffset;
  nextOffset += Math.ceil((bytes.length + 1) / ALIGNMENT) * ALIGNMENT;
  blocks.set(offset, bytes);
  return new MemoryHandle(offset, bytes.length);
}

function number(length: number, write: (view: DataView) => void): MemoryHandle {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return keep(bytes);
}

export const Memory = {
  fromString: (text: string) => keep(new TextEncoder().encode(text)),
  fromBuffer: (bytes: ArrayBuffer) => keep(new Uint8Array(bytes).slice()),
  fromJsonObject: (value: unknown) => keep(new TextEncoder().encode(JSON.stringify(value))),
  allocUInt32: (value: number) => number(4, (view) => view.setUint32(0, value, true)),
  allocUInt64: (value: bigint) => number(8, (view) => view.setBigUint64(0, value, true)),
  allocFloat32: (value: number) => number(4, (view) => view.setFloat32(0, value, true)),
  allocFloat64: (value: number) => number(8, (view) => view.setFloat64(0, value, true)),
  /** The block that begins there; one of no length when there is none. */
  find: (offset: Pointer) => new MemoryHandle(offset, blocks.get(Number(offset))?.length ?? 0),
};
