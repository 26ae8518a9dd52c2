// Functions given to the prelude, told apart by the letter that is their name; see guest/prelude/native.ts.
import {
  free,
  malloc,
  qjs_free_cstring,
  qjs_get_array_buffer,
  qjs_get_float64,
  qjs_get_string_len,
  qjs_get_undefined,
  qjs_new_number,
  qjs_new_string,
  qjs_new_uint8_array,
} from './engine';
import {
  emit_ask,
  error_write,
  http_ask,
  http_ask_blocking,
  input_length,
  input_read,
  log_write,
  now,
  output_write,
  schedule_ask,
  store_ask,
  store_ask_blocking,
} from './host';
import { DONE, FAILED, LENGTH_OUT, OUTCOME, RUNNING } from './words';
import { randomWord } from './randomness';
import { argument, readBatch, readInput } from './values';

export function host_call(name: i32, nameLength: i32, self: i32, count: i32, values: i32): i32 {
  const letter = load<u8>(name);
  switch (letter) {
    case 105: // i() -> the input, parsed
      return readInput();
    case 73: {
      // I() -> the input as text
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
    case 100: {
      // d(buffer, offset, length) -> text from UTF-8
      const data = qjs_get_array_buffer(argument(values, 0), LENGTH_OUT);
      return qjs_new_string(
        data + <i32>qjs_get_float64(argument(values, 1)),
        <i32>qjs_get_float64(argument(values, 2)),
      );
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
