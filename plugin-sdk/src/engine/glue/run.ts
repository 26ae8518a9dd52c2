// One run, from the call of an export to its outcome.
import {
  qjs_call,
  qjs_execute_pending_job,
  qjs_free_value,
  qjs_get_exception,
  qjs_get_float64,
  qjs_get_undefined,
  qjs_is_exception,
  qjs_new_number,
} from './engine';
import { batch_length, error_write } from './host';
import { ARGUMENTS, FAILED, FALLBACK, FALLBACK_LENGTH, OUTCOME, REJECTIONS, RUNNING, STEP } from './words';
import { readBatch } from './values';

// What the step function is asked to do; the prelude has the same numbers.
const STEP_START: i32 = 0;
const STEP_BATCH: i32 = 1;
const STEP_SETTLE: i32 = 2;
const STEP_UNCAUGHT: i32 = 3;

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
