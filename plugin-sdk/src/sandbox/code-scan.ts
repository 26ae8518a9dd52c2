import { createHash } from 'node:crypto';
import { sectionIds, type ModuleFault, type ModuleShape } from './module-reader.ts';

/**
 * Goes through every instruction of a module's code once: refuses proposals that are not on our list, and notes what an
 * instance can change besides its memory and globals. Types and structure are left to V8, which validates them; the
 * immediates are read exactly, so that nothing hides between two instructions. See the core specification, section 5.4.
 */
export interface CodeFacts {
  /** `table.set`, `init`, `copy`, `grow` or `fill` */
  changesTables: boolean;
  /** `data.drop` or `elem.drop` */
  dropsSegments: boolean;
  /** `memory.init` or `data.drop` */
  namesDataSegments: boolean;
}

export type ScannedCode = { ok: true; facts: CodeFacts } | { ok: false; fault: ModuleFault };

// What follows an opcode.
const NONE = 1;
const INDEX = 2;
const TWO_INDICES = 3;
const BLOCK_TYPE = 4;
const MEMORY = 5;
const SIGNED = 6;
const FOUR_BYTES = 7;
const EIGHT_BYTES = 8;
const BRANCH_TABLE = 9;
const TYPES = 10;
const BULK = 11;

const immediates = new Uint8Array(256);
const range = (first: number, last: number, what: number) => immediates.fill(what, first, last + 1);
range(0x00, 0x01, NONE);
range(0x02, 0x04, BLOCK_TYPE);
range(0x05, 0x05, NONE);
range(0x0b, 0x0b, NONE);
range(0x0c, 0x0d, INDEX);
range(0x0e, 0x0e, BRANCH_TABLE);
range(0x0f, 0x0f, NONE);
range(0x10, 0x10, INDEX);
range(0x11, 0x11, TWO_INDICES);
range(0x1a, 0x1b, NONE);
range(0x1c, 0x1c, TYPES);
range(0x20, 0x26, INDEX);
range(0x28, 0x3e, MEMORY);
range(0x3f, 0x40, INDEX);
range(0x41, 0x42, SIGNED);
range(0x43, 0x43, FOUR_BYTES);
range(0x44, 0x44, EIGHT_BYTES);
range(0x45, 0xc4, NONE);
range(0xd0, 0xd0, INDEX);
range(0xd1, 0xd1, NONE);
range(0xd2, 0xd2, INDEX);
range(0xfc, 0xfc, BULK);

/** How many indices follow each instruction after the prefix 0xfc. */
const bulkIndices = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];
const TABLE_SET = 0x26;
const bulkTableChanges = new Set([12, 14, 15, 17]);
const bulkDrops = new Set([9, 13]);
const bulkData = new Set([8, 9]);

/** A memory access whose alignment has this bit names one of several memories. */
const MULTI_MEMORY = 64;

/** The largest function of our engine has 37 KiB; compilers take more than linear time for huge ones. */
const MAX_FUNCTION_BYTES = 1024 * 1024;
const KEPT_SCANS = 64;
const scans = new Map<string, ScannedCode>();

/**
 * Scans the code section, once for each that is different: the code of all plugins of one engine is the same, byte for
 * byte. Where `types` and the rest differ does not matter, since the scan does not look at them.
 */
export function scanCode(bytes: Uint8Array, shape: ModuleShape): ScannedCode {
  const section = shape.sections.find(({ id }) => id === sectionIds.code);
  if (section === undefined)
    return { ok: true, facts: { changesTables: false, dropsSegments: false, namesDataSegments: false } };
  const code = bytes.subarray(section.contents, section.end);
  const digest = createHash('sha256').update(code).digest('base64');
  const known = scans.get(digest);
  if (known !== undefined) return known;
  const scanned = scanFunctions(code);
  const [oldest] = scans.keys();
  if (scans.size >= KEPT_SCANS && oldest !== undefined) scans.delete(oldest);
  scans.set(digest, scanned);
  return scanned;
}

function scanFunctions(code: Uint8Array): ScannedCode {
  const end = code.length;
  let at = 0;
  let changesTables = false;
  let dropsSegments = false;
  let namesDataSegments = false;
  const refuse = (what: string, where: number): ScannedCode => ({
    ok: false,
    fault: {
      rule: 'proposal',
      place: `byte ${where} of the code section`,
      message: `The code section ${what} at its byte ${where}.`,
    },
  });
  // Numbers whose value counts are read here, the others are skipped in the loop: it goes over a million bytes.
  const u32 = (): number => {
    let value = 0;
    for (let shift = 0; at < end; shift += 7) {
      const byte = code[at++] ?? 0;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value >>> 0;
  };
  const bodies = u32();
  for (let body = 0; body < bodies && at < end; body++) {
    const size = u32();
    const bodyEnd = at + size;
    if (bodyEnd > end) return refuse('ends within a function', at);
    if (size > MAX_FUNCTION_BYTES) return refuse(`has a function of ${size} bytes`, at);
    for (let groups = u32(); groups > 0 && at < bodyEnd; groups--) {
      u32();
      if (!isValueType(code[at++])) return refuse('has a local of a type that is not allowed', at);
    }
    while (at < bodyEnd) {
      const opcode = code[at++] ?? 0;
      switch (immediates[opcode] ?? 0) {
        case NONE:
          break;
        case INDEX:
          if (opcode === TABLE_SET) changesTables = true;
          while ((code[at++] ?? 0) >= 0x80);
          break;
        case TWO_INDICES:
          while ((code[at++] ?? 0) >= 0x80);
          while ((code[at++] ?? 0) >= 0x80);
          break;
        case SIGNED:
        case BLOCK_TYPE:
          while ((code[at++] ?? 0) >= 0x80);
          break;
        case MEMORY:
          if (u32() >= MULTI_MEMORY) return refuse('uses a second memory', at);
          while ((code[at++] ?? 0) >= 0x80);
          break;
        case FOUR_BYTES:
          at += 4;
          break;
        case EIGHT_BYTES:
          at += 8;
          break;
        case BRANCH_TABLE:
          for (let targets = u32() + 1; targets > 0 && at < bodyEnd; targets--) u32();
          break;
        case TYPES:
          for (let types = u32(); types > 0 && at < bodyEnd; types--)
            if (!isValueType(code[at++])) return refuse('selects a type that is not allowed', at);
          break;
        case BULK: {
          const instruction = u32();
          const indices = bulkIndices[instruction];
          if (indices === undefined) return refuse(`has the unknown instruction 0xfc ${instruction}`, at);
          if (bulkTableChanges.has(instruction)) changesTables = true;
          if (bulkDrops.has(instruction)) dropsSegments = true;
          if (bulkData.has(instruction)) namesDataSegments = true;
          for (let i = 0; i < indices; i++) u32();
          break;
        }
        default:
          return refuse(`has the instruction 0x${opcode.toString(16)} of ${proposalOf(opcode)}`, at - 1);
      }
    }
    if (at !== bodyEnd) return refuse('has a function that runs beyond its end', at);
  }
  return { ok: true, facts: { changesTables, dropsSegments, namesDataSegments } };
}

function isValueType(byte: number | undefined): boolean {
  return byte === 0x70 || (byte !== undefined && byte >= 0x7c && byte <= 0x7f);
}

function proposalOf(opcode: number): string {
  if ((opcode >= 0x06 && opcode <= 0x0a) || opcode === 0x18 || opcode === 0x19 || opcode === 0x1f) return 'exceptions';
  if (opcode === 0x12 || opcode === 0x13) return 'tail calls';
  if (opcode === 0xfd) return 'SIMD';
  if (opcode === 0xfe) return 'threads';
  if (opcode === 0x14 || opcode === 0x15 || opcode === 0xfb || opcode >= 0xd3) return 'typed references or GC';
  return 'an unknown proposal';
}
