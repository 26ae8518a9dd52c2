import { isUtf8 } from 'node:buffer';
import type { Capability } from '../../contract/permissions.ts';
import { ExtismBlocks } from './extism-blocks.ts';
import { httpAskOf } from './extism-http-ask.ts';
import type { RunState } from './run-state.ts';

type Answer = { ok: unknown } | { error: { code: string; message: string } };

/** Names of vars in the store; the guest's own `Var` (guest/prelude/extism.ts) has the same. */
const VAR_PREFIX = 'var:';

/** What Extism's functions keep for one run. docs/decisions/0014-extism-abi.md says why each behaves as it does. */
export class ExtismCall {
  readonly blocks: ExtismBlocks;
  readonly run: RunState;
  readonly inputAddress: bigint;
  #output: { address: bigint; length: bigint } | undefined;
  #errorAddress = 0n;
  #configuration: Record<string, unknown> | undefined;
  #status = 0;
  #headers: Record<string, string> | undefined;

  constructor(run: RunState) {
    this.run = run;
    this.blocks = new ExtismBlocks(run);
    this.inputAddress = this.blocks.lend(run.input);
  }

  setOutput(address: bigint, length: bigint): void {
    this.blocks.read(address, length);
    this.#output = { address, length };
  }

  setError(address: bigint): void {
    this.blocks.read(address);
    this.#errorAddress = address;
  }

  get errorAddress(): bigint {
    return this.#errorAddress;
  }

  /** Output and error are what their blocks hold when the export has come back; an error outweighs any output. */
  finish(): void {
    if (this.#errorAddress !== 0n)
      return this.run.failByError(this.blocks.readIfThere(this.#errorAddress) ?? new Uint8Array());
    if (this.#output === undefined) return;
    const bytes = this.blocks.readIfThere(this.#output.address, this.#output.length);
    if (bytes !== undefined) this.run.writeOutput(bytes);
  }

  /** A text that the plugin hands over for good: its block is free afterwards. */
  takeText(address: bigint): string {
    const bytes = this.blocks.read(address);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    this.blocks.free(address);
    return text;
  }

  log(level: number, address: bigint): void {
    this.run.writeLog(level, this.blocks.read(address));
    this.blocks.free(address);
  }

  /** A setting of the installation as text, of its own properties only; 0 when there is none. */
  config(keyAddress: bigint): bigint {
    const key = this.takeText(keyAddress);
    this.#configuration ??= configurationIn(this.run.input);
    const value = Object.hasOwn(this.#configuration, key) ? this.#configuration[key] : undefined;
    if (value === undefined || value === null) return 0n;
    return this.blocks.store(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
  }

  getVar(keyAddress: bigint): bigint {
    const answer = this.#ask('store', { op: 'get', key: VAR_PREFIX + this.takeText(keyAddress) });
    const value = 'ok' in answer ? (answer.ok as { value?: unknown }).value : this.#failBy(answer.error);
    const bytes = storedBytes(value);
    return bytes === undefined ? 0n : this.blocks.store(bytes);
  }

  setVar(keyAddress: bigint, valueAddress: bigint): void {
    const keyBytes = this.blocks.read(keyAddress);
    const key = VAR_PREFIX + Buffer.from(keyBytes).toString('utf8');
    const request =
      valueAddress === 0n
        ? { op: 'delete', key, ifVersion: null }
        : { op: 'set', key, value: storedValue(this.blocks.read(valueAddress)), ifVersion: null };
    const answer = this.#ask('store', request);
    if ('error' in answer) this.#failBy(answer.error);
  }

  /**
   * Gives the address of the answer's body. When there is no answer the status is 0 and the body says why, as JSON
   * `{error: {code, message}}`: a plugin in any language can go on from there.
   */
  request(requestAddress: bigint, bodyAddress: bigint): bigint {
    const text = this.takeText(requestAddress);
    const body = bodyAddress === 0n ? undefined : this.blocks.read(bodyAddress);
    const ask = httpAskOf(text, body);
    if (ask === undefined)
      this.run.fail({ code: 'ASK_INVALID', message: 'http_request was given something else than a request as JSON.' });
    if (bodyAddress !== 0n) this.blocks.free(bodyAddress);
    const answer = this.#ask('http', ask);
    if ('error' in answer) {
      const { code, message } = answer.error;
      this.#status = 0;
      this.#headers = {};
      return this.blocks.store(Buffer.from(JSON.stringify({ error: { code, message } })));
    }
    const {
      status,
      headers,
      body: got,
    } = answer.ok as {
      status: number;
      headers: Record<string, string>;
      body: { text: string } | { base64: string };
    };
    this.#status = status;
    this.#headers = headers;
    return this.blocks.store('text' in got ? Buffer.from(got.text) : Buffer.from(got.base64, 'base64'));
  }

  /** Of the last answer; 0 before the first and when there was none. */
  get status(): number {
    return this.#status;
  }

  headers(): bigint {
    return this.#headers === undefined ? 0n : this.blocks.store(Buffer.from(JSON.stringify(this.#headers)));
  }

  /** Ends the run when the journal has no answer yet. */
  #ask(capability: Capability, request: object): Answer {
    this.run.askBlocking(capability, Buffer.from(JSON.stringify(request)));
    return JSON.parse(Buffer.from(this.run.readBatch()).toString('utf8')) as Answer;
  }

  /** Vars have no way to tell their plugin of an error, so it ends the run. */
  #failBy({ code, message }: { code: string; message: string }): never {
    this.run.failByError(Buffer.from(JSON.stringify({ name: 'Error', message, code })));
    this.run.exit(1);
  }
}

function configurationIn(input: Uint8Array): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(Buffer.from(input.buffer, input.byteOffset, input.length).toString('utf8'));
    const found: unknown = Object.hasOwn(Object(read) as object, 'configuration')
      ? (read as { configuration: unknown }).configuration
      : undefined;
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Text as it is, anything else in base64; a database takes no U+0000 in a text. */
function storedValue(bytes: Uint8Array): string | { base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return isUtf8(buffer) && !buffer.includes(0) ? buffer.toString('utf8') : { base64: buffer.toString('base64') };
}

function storedBytes(value: unknown): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return Buffer.from(value);
  const base64: unknown = typeof value === 'object' && 'base64' in value ? value.base64 : undefined;
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(JSON.stringify(value));
}
