// Used only while a plugin is being built; not exported by it.
import {
  free,
  malloc,
  qjs_call,
  qjs_compile,
  qjs_eval,
  qjs_eval_bytecode,
  qjs_execute_pending_job,
  qjs_free_value,
  qjs_get_exception,
  qjs_get_prop_string,
  qjs_get_string_len,
  qjs_get_undefined,
  qjs_init,
  qjs_initialize,
  qjs_is_exception,
  qjs_new_host_function,
  qjs_new_object,
  qjs_new_string,
  qjs_run_gc,
  qjs_set_gc_threshold,
  qjs_set_interrupt_handler,
  qjs_set_max_stack_size,
  qjs_set_promise_rejection_handler,
  qjs_set_prop_string,
} from './engine';
import {
  ARGUMENTS,
  CLOCK_FIXED,
  FAILED,
  FALLBACK,
  FALLBACK_LENGTH,
  GAP_PAGE,
  GAP_PAGES,
  LENGTH_OUT,
  NAME,
  OUTCOME,
  REJECTIONS,
  RUNNING,
  STEP,
} from './words';

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
