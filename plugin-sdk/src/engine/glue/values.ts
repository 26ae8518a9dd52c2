// Values in and out of the engine.
import { JS_ParseJSON, free, malloc, qjs_get_context_ptr } from './engine';
import { batch_read, input_length, input_read } from './host';

/** Parses the text the host put at `pointer` (room for one more byte after it) and frees it. */
function parse(pointer: i32, length: i32): i32 {
  store<u8>(pointer + length, 0);
  const box = malloc(8);
  store<i64>(box, JS_ParseJSON(qjs_get_context_ptr(), pointer, length, pointer + length));
  free(pointer);
  return box;
}
export function readInput(): i32 {
  const length = input_length();
  const pointer = malloc(length + 1);
  input_read(pointer);
  return parse(pointer, length);
}
export function readBatch(length: i32): i32 {
  const pointer = malloc(length + 1);
  batch_read(pointer);
  return parse(pointer, length);
}
export function argument(values: i32, index: i32): i32 {
  return load<i32>(values + index * 4);
}
