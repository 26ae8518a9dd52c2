import { sandboxLimits } from '../../contract/limits.ts';
import type { RunState } from './run-state.ts';

/** An address is the number of a block and an offset in it; 0 is no block. */
const SPAN = 2 ** 32;
/** What a block costs beside its bytes, so that empty ones are not free. */
const OVERHEAD_BYTES = 64;
const HIGHEST = 2 ** 20;

interface Block {
  bytes: Uint8Array;
  view: DataView;
  /** Of the plugin; the input is not. */
  own: boolean;
}

/**
 * The blocks of host memory that Extism's functions hand bytes through. They are of one run: numbers are never used
 * twice in it and nothing is left for the next. An address outside a live block ends the run, whatever is asked of it.
 */
export class ExtismBlocks {
  readonly #run: RunState;
  readonly #blocks = new Map<number, Block>();
  #next = 1;
  #bytes = 0;

  constructor(run: RunState) {
    this.#run = run;
  }

  /** A new block of zeros. The budget is looked at before anything is allocated. */
  alloc(length: bigint): bigint {
    const { hostBlockBytes } = sandboxLimits;
    const wanted = length < 0n || length > BigInt(hostBlockBytes) ? Infinity : Number(length) + OVERHEAD_BYTES;
    if (this.#bytes + wanted > hostBlockBytes || this.#next >= HIGHEST)
      this.#run.fail({
        code: 'MEMORY_EXCEEDED',
        message: `The blocks of a run have at most ${hostBlockBytes} bytes; another of ${length} was wanted.`,
      });
    this.#bytes += wanted;
    return this.#add(new Uint8Array(Number(length)), true);
  }

  /** A block with a copy of these bytes. */
  store(bytes: Uint8Array): bigint {
    const address = this.alloc(BigInt(bytes.length));
    this.#find(address)?.block.bytes.set(bytes);
    return address;
  }

  /** The input: it costs nothing and can neither be written nor freed. */
  lend(bytes: Uint8Array): bigint {
    return this.#add(bytes, false);
  }

  free(address: bigint): void {
    const found = this.#find(address);
    if (found === undefined || !found.block.own) return;
    this.#blocks.delete(found.index);
    this.#bytes -= found.block.bytes.length + OVERHEAD_BYTES;
  }

  /** Of the block at this address; 0 when there is none. */
  length(address: bigint): bigint {
    return BigInt(this.#find(address)?.block.bytes.length ?? 0);
  }

  /** From the address on, to the end of its block when no length is given. */
  read(address: bigint, length?: bigint): Uint8Array {
    const { block, offset } = this.#at(address, 0);
    const end = length === undefined ? block.bytes.length : offset + Number(length);
    if (length !== undefined && (length < 0n || end > block.bytes.length)) this.#outside(address);
    return block.bytes.subarray(offset, end);
  }

  /** The same, or undefined where there is no block. */
  readIfThere(address: bigint, length?: bigint): Uint8Array | undefined {
    return this.#find(address) === undefined ? undefined : this.read(address, length);
  }

  loadByte(address: bigint): number {
    const { block, offset } = this.#at(address, 1);
    return block.view.getUint8(offset);
  }

  loadWord(address: bigint): bigint {
    const { block, offset } = this.#at(address, 8);
    return block.view.getBigUint64(offset, true);
  }

  storeByte(address: bigint, value: number): void {
    const { block, offset } = this.#at(address, 1, true);
    block.view.setUint8(offset, value);
  }

  storeWord(address: bigint, value: bigint): void {
    const { block, offset } = this.#at(address, 8, true);
    block.view.setBigUint64(offset, value, true);
  }

  #add(bytes: Uint8Array, own: boolean): bigint {
    const index = this.#next++;
    this.#blocks.set(index, { bytes, own, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) });
    return BigInt(index * SPAN);
  }

  #find(address: bigint): { index: number; block: Block; offset: number } | undefined {
    // Beyond 2^53 the number is inexact, and far above the highest block whichever way it is rounded.
    const number = Number(address);
    const index = Math.floor(number / SPAN);
    const block = this.#blocks.get(index);
    return block === undefined ? undefined : { index, block, offset: number - index * SPAN };
  }

  #at(address: bigint, length: number, write = false): { block: Block; offset: number } {
    const found = this.#find(address);
    if (found === undefined || found.offset + length > found.block.bytes.length) this.#outside(address);
    if (write && !found.block.own)
      this.#run.fail({ code: 'PLUGIN_TRAP', message: 'The input is not to be written to.' });
    return found;
  }

  #outside(address: bigint): never {
    this.#run.fail({
      code: 'PLUGIN_TRAP',
      message: `The address 0x${BigInt.asUintN(64, address).toString(16)} is outside every block of this run.`,
    });
  }
}
