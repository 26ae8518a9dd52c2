// AssemblyScript: the layer between QuickJS (which imports `host_*` and a little WASI) and the ABI of contract/abi.ts.
//
// No managed memory, no static data, no globals: the engine owns the linear memory, so one image of it holds the whole
// state. What this layer remembers lives in a few fixed words at the bottom of the stack region, which the stack limit
// set in build_start keeps the stack away from. Every `i32` called a handle points to a boxed JSValue of the engine.

// --- the engine
@external("qjs", "_initialize") declare function qjs_initialize(): void;
@external("qjs", "qjs_init") declare function qjs_init(): i32;
@external("qjs", "qjs_eval") declare function qjs_eval(code: i32, length: i32, fileName: i32, flags: i32): i32;
@external("qjs", "qjs_compile") declare function qjs_compile(code: i32, length: i32, fileName: i32, flags: i32, compileFlags: i32, lengthOut: i32): i32;
@external("qjs", "qjs_eval_bytecode") declare function qjs_eval_bytecode(pointer: i32, length: i32): i32;
@external("qjs", "qjs_new_object") declare function qjs_new_object(): i32;
@external("qjs", "qjs_get_prop_string") declare function qjs_get_prop_string(object: i32, name: i32): i32;
@external("qjs", "qjs_set_prop_string") declare function qjs_set_prop_string(object: i32, name: i32, value: i32): i32;
@external("qjs", "qjs_new_host_function") declare function qjs_new_host_function(name: i32, length: i32, arity: i32): i32;
@external("qjs", "qjs_new_string") declare function qjs_new_string(pointer: i32, length: i32): i32;
@external("qjs", "qjs_new_number") declare function qjs_new_number(value: f64): i32;
@external("qjs", "qjs_get_float64") declare function qjs_get_float64(value: i32): f64;
@external("qjs", "qjs_get_string_len") declare function qjs_get_string_len(value: i32, lengthOut: i32): i32;
@external("qjs", "qjs_free_cstring") declare function qjs_free_cstring(pointer: i32): void;
@external("qjs", "qjs_new_uint8_array") declare function qjs_new_uint8_array(pointer: i32, length: i32): i32;
@external("qjs", "qjs_get_array_buffer") declare function qjs_get_array_buffer(value: i32, lengthOut: i32): i32;
@external("qjs", "qjs_free_value") declare function qjs_free_value(value: i32): void;
@external("qjs", "qjs_call") declare function qjs_call(f: i32, self: i32, count: i32, values: i32): i32;
@external("qjs", "qjs_get_undefined") declare function qjs_get_undefined(): i32;
@external("qjs", "qjs_is_exception") declare function qjs_is_exception(value: i32): i32;
@external("qjs", "qjs_get_exception") declare function qjs_get_exception(): i32;
@external("qjs", "qjs_get_value_ptr") declare function qjs_get_value_ptr(value: i32): i32;
@external("qjs", "qjs_execute_pending_job") declare function qjs_execute_pending_job(): i32;
@external("qjs", "qjs_set_max_stack_size") declare function qjs_set_max_stack_size(bytes: i32): void;
@external("qjs", "qjs_set_promise_rejection_handler") declare function qjs_set_promise_rejection_handler(on: i32): void;
@external("qjs", "qjs_set_interrupt_handler") declare function qjs_set_interrupt_handler(on: i32): void;
@external("qjs", "qjs_set_gc_threshold") declare function qjs_set_gc_threshold(bytes: i32): void;
@external("qjs", "qjs_run_gc") declare function qjs_run_gc(): void;
@external("qjs", "qjs_get_context_ptr") declare function qjs_get_context_ptr(): i32;
@external("qjs", "JS_ParseJSON") declare function JS_ParseJSON(context: i32, text: i32, length: i32, fileName: i32): i64;
@external("qjs", "malloc") declare function malloc(bytes: i32): i32;
@external("qjs", "free") declare function free(pointer: i32): void;

// --- the host
@external("patchbay:io", "input_length") declare function input_length(): i32;
@external("patchbay:io", "input_read") declare function input_read(pointer: i32): void;
@external("patchbay:io", "output_write") declare function output_write(pointer: i32, length: i32): void;
@external("patchbay:io", "error_write") declare function error_write(pointer: i32, length: i32): void;
@external("patchbay:io", "batch_length") declare function batch_length(): i32;
@external("patchbay:io", "batch_read") declare function batch_read(pointer: i32): void;
@external("patchbay:io", "now") declare function now(): f64;
@external("patchbay:io", "seed_read") declare function seed_read(pointer: i32): void;
@external("patchbay:io", "log_write") declare function log_write(level: i32, pointer: i32, length: i32): void;
@external("patchbay:http", "ask") declare function http_ask(pointer: i32, length: i32): i32;
@external("patchbay:http", "ask_blocking") declare function http_ask_blocking(pointer: i32, length: i32): i32;
@external("patchbay:store", "ask") declare function store_ask(pointer: i32, length: i32): i32;
@external("patchbay:store", "ask_blocking") declare function store_ask_blocking(pointer: i32, length: i32): i32;
@external("patchbay:emit", "ask") declare function emit_ask(pointer: i32, length: i32): i32;
@external("patchbay:schedule", "ask") declare function schedule_ask(pointer: i32, length: i32): i32;

// --- the fixed words
const STEP: i32 = 1024; // handle of the prelude's step function
const FALLBACK: i32 = 1028; // text of the error that is reported when reporting fails (out of memory)
const FALLBACK_LENGTH: i32 = 1032;
const OUTCOME: i32 = 1036;
const REJECTIONS: i32 = 1040; // linked list of rejected promises without a handler: [next, promise, reason]
const LENGTH_OUT: i32 = 1044; // scratch for functions that give a length by pointer
const ARGUMENTS: i32 = 1048; // scratch for the two handles of a step
const NAME: i32 = 1056; // scratch for one-letter names
const CLOCK_FIXED: i32 = 1060; // 1 while a plugin is being built: the clock stands at the epoch

const GAP_PAGE: i32 = 1068; // first page of the memory between stack and data while nobody has it
const GAP_PAGES: i32 = 1072; // how many pages that is; 0 once it is the heap's

const RANDOM_USED: i32 = 1064; // words drawn from the block; 0 before the first use in a call
const RANDOM_KEY: i32 = 1088; // 16 words of state: constants, key from the seed, block counter, nonce
const RANDOM_BLOCK: i32 = 1152; // 16 random words

const RUNNING: i32 = 0;
const DONE: i32 = 1;
const FAILED: i32 = 2;

// What the step function is asked to do; the prelude has the same numbers.
const STEP_START: i32 = 0;
const STEP_BATCH: i32 = 1;
const STEP_SETTLE: i32 = 2;
const STEP_UNCAUGHT: i32 = 3;

// --- what the engine imports
/** While a plugin is being built the compiler's clock may end an endless top level; a run never gets here. */
export function host_interrupt(): i32 {
  if (load<i32>(CLOCK_FIXED) != 0) now();
  return 0;
}
/**
 * What the allocator calls in place of memory.grow (build-engine.ts sees to that). It takes pages in runs of its own
 * choosing and may count on two runs being one behind the other, so the gap is given as a whole, once, or not at all.
 */
export function grow(pages: i32): i32 {
  if (pages != 0 && pages == load<i32>(GAP_PAGES)) {
    store<i32>(GAP_PAGES, 0);
    return load<i32>(GAP_PAGE);
  }
  return memory.grow(pages);
}
export function host_module_normalize(base: i32, name: i32): i32 {
  return 0;
}
export function host_module_load(name: i32, lengthOut: i32): i32 {
  return 0;
}
export function host_get_timezone_offset(high: i32, low: i32): i32 {
  return 0;
}
export function clock_time_get(id: i32, precision: i64, out: i32): i32 {
  store<u64>(out, load<i32>(CLOCK_FIXED) != 0 ? 0 : <u64>(now() * 1000.0) * 1000);
  return 0;
}
export function random_get(pointer: i32, length: i32): i32 {
  memory.fill(pointer, 0, length);
  return 0;
}
export function fd_close(a: i32): i32 {
  return 8;
}
export function fd_fdstat_get(a: i32, b: i32): i32 {
  return 8;
}
export function fd_seek(a: i32, b: i64, c: i32, d: i32): i32 {
  return 8;
}
export function fd_write(a: i32, b: i32, c: i32, d: i32): i32 {
  return 8;
}

export function host_promise_rejection(promise: i32, reason: i32, handled: i32): void {
  if (!handled) {
    const node = malloc(12);
    store<i32>(node, 0);
    store<i32>(node + 4, promise);
    store<i32>(node + 8, reason);
    let last = REJECTIONS;
    while (load<i32>(last) != 0) last = load<i32>(last);
    store<i32>(last, node);
    return;
  }
  const object = qjs_get_value_ptr(promise);
  let previous = REJECTIONS;
  for (let node = load<i32>(previous); node != 0; node = load<i32>(previous)) {
    if (qjs_get_value_ptr(load<i32>(node + 4)) == object) {
      store<i32>(previous, load<i32>(node));
      qjs_free_value(load<i32>(node + 4));
      qjs_free_value(load<i32>(node + 8));
      free(node);
      break;
    }
    previous = node;
  }
  qjs_free_value(promise);
  qjs_free_value(reason);
}

// --- values in and out
/** Parses the text the host put at `pointer` (room for one more byte after it) and frees it. */
function parse(pointer: i32, length: i32): i32 {
  store<u8>(pointer + length, 0);
  const box = malloc(8);
  store<i64>(box, JS_ParseJSON(qjs_get_context_ptr(), pointer, length, pointer + length));
  free(pointer);
  return box;
}
function readInput(): i32 {
  const length = input_length();
  const pointer = malloc(length + 1);
  input_read(pointer);
  return parse(pointer, length);
}
function readBatch(length: i32): i32 {
  const pointer = malloc(length + 1);
  batch_read(pointer);
  return parse(pointer, length);
}
function argument(values: i32, index: i32): i32 {
  return load<i32>(values + index * 4);
}

// --- randomness: ChaCha20 (RFC 8439 section 2.3, nonce zero) over the call's seed, so that a replay draws the same and
// nothing that was drawn tells what comes next. The state is made on the first use in a call, never in the snapshot.
function randomWord(): u32 {
  let used = load<i32>(RANDOM_USED);
  if (used == 0) {
    store<u32>(RANDOM_KEY, 0x61707865);
    store<u32>(RANDOM_KEY + 4, 0x3320646e);
    store<u32>(RANDOM_KEY + 8, 0x79622d32);
    store<u32>(RANDOM_KEY + 12, 0x6b206574);
    seed_read(RANDOM_KEY + 16);
    memory.fill(RANDOM_KEY + 48, 0, 16);
    used = 16;
  }
  if (used == 16) {
    randomBlock();
    used = 0;
  }
  store<i32>(RANDOM_USED, used + 1);
  return load<u32>(RANDOM_BLOCK + used * 4);
}
function randomBlock(): void {
  memory.copy(RANDOM_BLOCK, RANDOM_KEY, 64);
  for (let round = 0; round < 10; round++) {
    quarter(0, 16, 32, 48);
    quarter(4, 20, 36, 52);
    quarter(8, 24, 40, 56);
    quarter(12, 28, 44, 60);
    quarter(0, 20, 40, 60);
    quarter(4, 24, 44, 48);
    quarter(8, 28, 32, 52);
    quarter(12, 16, 36, 56);
  }
  for (let at = 0; at < 64; at += 4)
    store<u32>(RANDOM_BLOCK + at, load<u32>(RANDOM_BLOCK + at) + load<u32>(RANDOM_KEY + at));
  store<u32>(RANDOM_KEY + 48, load<u32>(RANDOM_KEY + 48) + 1);
}
/** The quarter round of section 2.1 over the words at these offsets. */
function quarter(a: i32, b: i32, c: i32, d: i32): void {
  mix(a, b, d, 16);
  mix(c, d, b, 12);
  mix(a, b, d, 8);
  mix(c, d, b, 7);
}
function mix(a: i32, b: i32, d: i32, bits: i32): void {
  const sum = load<u32>(RANDOM_BLOCK + a) + load<u32>(RANDOM_BLOCK + b);
  store<u32>(RANDOM_BLOCK + a, sum);
  store<u32>(RANDOM_BLOCK + d, rotl<u32>(load<u32>(RANDOM_BLOCK + d) ^ sum, bits));
}

// --- functions given to the prelude, told apart by the letter that is their name
export function host_call(name: i32, nameLength: i32, self: i32, count: i32, values: i32): i32 {
  const letter = load<u8>(name);
  switch (letter) {
    case 105: // i() -> the input, parsed
      return readInput();
    case 73: { // I() -> the input as text
      const size = input_length();
      const pointer = malloc(size);
      input_read(pointer);
      const text = qjs_new_string(pointer, size);
      free(pointer);
      return text;
    }
    case 110: // n() -> milliseconds since the epoch
      return qjs_new_number(now());
    case 114: // r() -> the next 32 random bits
      return qjs_new_number(<f64>randomWord());
    case 100: { // d(buffer, offset, length) -> text from UTF-8
      const data = qjs_get_array_buffer(argument(values, 0), LENGTH_OUT);
      return qjs_new_string(data + <i32>qjs_get_float64(argument(values, 1)), <i32>qjs_get_float64(argument(values, 2)));
    }
  }
  // the others take a text: the first argument, or the second of l(level, text)
  const text = qjs_get_string_len(argument(values, letter == 108 ? 1 : 0), LENGTH_OUT);
  const length = load<i32>(LENGTH_OUT);
  let result = 0;
  switch (letter) {
    case 117: // u(text) -> Uint8Array of UTF-8
      result = qjs_new_uint8_array(text, length);
      break;
    case 111: // o(text): the output
      output_write(text, length);
      if (load<i32>(OUTCOME) == RUNNING) store<i32>(OUTCOME, DONE);
      break;
    case 101: // e(text): an uncaught error
      error_write(text, length);
      store<i32>(OUTCOME, FAILED);
      break;
    case 108: // l(level, text): a line of the log
      log_write(<i32>qjs_get_float64(argument(values, 0)), text, length);
      break;
    case 104: // h(request) -> number of the ask
      result = qjs_new_number(<f64>http_ask(text, length));
      break;
    case 72: // H(request) -> the answer, parsed
      result = readBatch(http_ask_blocking(text, length));
      break;
    case 116: // t(request) -> number of the ask
      result = qjs_new_number(<f64>store_ask(text, length));
      break;
    case 84: // T(request) -> the answer, parsed
      result = readBatch(store_ask_blocking(text, length));
      break;
    case 109: // m(request) -> number of the ask
      result = qjs_new_number(<f64>emit_ask(text, length));
      break;
    case 99: // c(request) -> number of the ask
      result = qjs_new_number(<f64>schedule_ask(text, length));
      break;
  }
  qjs_free_cstring(text);
  return result == 0 ? qjs_get_undefined() : result;
}

// --- one run
/** Calls step(operation, value), consumes `value`; gives its number, or 0 after an exception, which is reported. */
function step(operation: i32, value: i32): i32 {
  const number = qjs_new_number(<f64>operation);
  store<i32>(ARGUMENTS, number);
  store<i32>(ARGUMENTS + 4, value);
  const self = qjs_get_undefined();
  const result = qjs_call(load<i32>(STEP), self, 2, ARGUMENTS);
  qjs_free_value(number);
  qjs_free_value(value);
  qjs_free_value(self);
  let left = 0;
  if (qjs_is_exception(result)) {
    if (operation == STEP_UNCAUGHT) reportFallback();
    else step(STEP_UNCAUGHT, qjs_get_exception());
  } else left = <i32>qjs_get_float64(result);
  qjs_free_value(result);
  return left;
}
function reportFallback(): void {
  error_write(load<i32>(FALLBACK), load<i32>(FALLBACK_LENGTH));
  store<i32>(OUTCOME, FAILED);
}
function drain(): void {
  for (;;) {
    const state = qjs_execute_pending_job();
    if (state == 0) return;
    if (state < 0) {
      step(STEP_UNCAUGHT, qjs_get_exception());
      return;
    }
  }
}
/** A promise that was rejected and has no handler when nothing is left to do is an uncaught error. */
function reportRejection(): void {
  const node = load<i32>(REJECTIONS);
  if (node == 0) return;
  store<i32>(REJECTIONS, 0);
  step(STEP_UNCAUGHT, load<i32>(node + 8));
}
function invoke(index: i32): i32 {
  return work(step(STEP_START, qjs_new_number(<f64>index)));
}
/** Goes on until there is an outcome, or no batch. @param left how many answers of the present batch are not settled */
function work(left: i32): i32 {
  for (;;) {
    if (load<i32>(OUTCOME) != FAILED) drain();
    if (load<i32>(OUTCOME) != FAILED) reportRejection();
    if (load<i32>(OUTCOME) != RUNNING) break;
    if (left > 0) left = step(STEP_SETTLE, qjs_get_undefined());
    else {
      const length = batch_length();
      if (length < 0) break;
      left = step(STEP_BATCH, readBatch(length));
    }
  }
  return load<i32>(OUTCOME) == FAILED ? 1 : 0;
}
export function ingest(): i32 {
  return invoke(0);
}
export function deliver(): i32 {
  return invoke(1);
}
export function callback(): i32 {
  return invoke(2);
}
export function actions(): i32 {
  return invoke(3);
}
export function schedule(): i32 {
  return invoke(4);
}

/** For an instance that was kept while it waited: its memory is what the export left, and there are new batches. */
export function patchbay_resume(): i32 {
  return work(0);
}

// --- used only while a plugin is being built; not exported by it
export function build_alloc(bytes: i32): i32 {
  return malloc(bytes);
}
/**
 * Starts the engine with a fixed clock. QuickJS is linked for a stack larger than it may use: the pages above the
 * stack that it gets are the heap's first ones, so that the image is that much smaller.
 */
export function build_start(stackBytes: i32, gapPage: i32, gapPages: i32): void {
  memory.fill(STEP, 0, 512);
  store<i32>(CLOCK_FIXED, 1);
  qjs_initialize();
  store<i32>(GAP_PAGE, gapPage);
  store<i32>(GAP_PAGES, gapPages);
  free(malloc((gapPages << 16) - 4096));
  if (load<i32>(GAP_PAGES) != 0) unreachable();
  qjs_init();
  qjs_set_max_stack_size(stackBytes);
  qjs_set_promise_rejection_handler(1);
  qjs_set_interrupt_handler(1);
}
/** An object with one function for each letter. */
export function build_natives(letters: i32, count: i32): i32 {
  const natives = qjs_new_object();
  store<i32>(NAME, 0);
  for (let i = 0; i < count; i++) {
    store<u8>(NAME, load<u8>(letters + i));
    const native = qjs_new_host_function(NAME, 1, 0);
    qjs_set_prop_string(natives, NAME, native);
    qjs_free_value(native);
  }
  return natives;
}
/** Evaluates a script; gives the handle of its value. build_failed tells whether that is an error. */
export function build_eval(code: i32, length: i32, fileName: i32): i32 {
  return caught(qjs_eval(code, length, fileName, 0));
}
/** Compiles a script to bytecode: gives its place, or 0 when the script is no script; its length is at build_text_length(). */
export function build_compile(code: i32, length: i32, fileName: i32, flags: i32): i32 {
  return qjs_compile(code, length, fileName, 0, flags, LENGTH_OUT);
}
/** As build_eval, for bytecode that build_compile of the same engine made. */
export function build_eval_bytecode(pointer: i32, length: i32): i32 {
  return caught(qjs_eval_bytecode(pointer, length));
}
export function build_free(pointer: i32): void {
  free(pointer);
}
/** Calls a function with one value and runs what it leaves to do. */
export function build_call(f: i32, value: i32): i32 {
  store<i32>(ARGUMENTS, value);
  return caught(qjs_call(f, qjs_get_undefined(), 1, ARGUMENTS));
}
function caught(value: i32): i32 {
  store<i32>(OUTCOME, qjs_is_exception(value) ? FAILED : RUNNING);
  return load<i32>(OUTCOME) == FAILED ? qjs_get_exception() : value;
}
export function build_failed(): i32 {
  return load<i32>(OUTCOME) == FAILED ? 1 : 0;
}
/** Runs the job queue to its end; gives the handle of the first uncaught error, or 0. */
export function build_drain(): i32 {
  for (;;) {
    const state = qjs_execute_pending_job();
    if (state < 0) return qjs_get_exception();
    if (state == 0) break;
  }
  const node = load<i32>(REJECTIONS);
  return node == 0 ? 0 : load<i32>(node + 8);
}
export function build_string(pointer: i32, length: i32): i32 {
  return qjs_new_string(pointer, length);
}
/** The text of a value as pointer; its length is at build_text_length(). */
export function build_text(value: i32): i32 {
  return qjs_get_string_len(value, LENGTH_OUT);
}
export function build_text_length(): i32 {
  return load<i32>(LENGTH_OUT);
}
export function build_property(object: i32, name: i32): i32 {
  return qjs_get_prop_string(object, name);
}
/**
 * Makes the state ready to be frozen: garbage gone, and room for `sparePages` in the heap, so that an ordinary run
 * does not grow the memory. The room is taken a page at a time, because it need not lie in one place.
 */
export function build_finish(stepFunction: i32, fallback: i32, fallbackLength: i32, sparePages: i32): void {
  store<i32>(STEP, stepFunction);
  store<i32>(FALLBACK, fallback);
  store<i32>(FALLBACK_LENGTH, fallbackLength);
  store<i32>(OUTCOME, RUNNING);
  store<i32>(CLOCK_FIXED, 0);
  qjs_set_interrupt_handler(0);
  qjs_run_gc();
  let taken = 0;
  for (let i = 0; i < sparePages; i++) {
    const block = malloc(65536 - 64);
    store<i32>(block, taken);
    taken = block;
  }
  while (taken != 0) {
    const next = load<i32>(taken);
    store<i32>(taken, 0);
    free(taken);
    taken = next;
  }
}
export function build_gc_threshold(bytes: i32): void {
  qjs_set_gc_threshold(bytes);
}
