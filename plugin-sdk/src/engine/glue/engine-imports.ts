// What QuickJS imports: a machine without files, of which it gets the clock and memory.
import { free, malloc, qjs_free_value, qjs_get_value_ptr } from './engine';
import { now } from './host';
import { CLOCK_FIXED, GAP_PAGE, GAP_PAGES, REJECTIONS } from './words';

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
