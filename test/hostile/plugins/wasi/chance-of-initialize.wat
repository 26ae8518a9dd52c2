;; Tries: Draws random bytes while it is initialised, by which two instances could be told apart.
;; Must: done
;; Times: 3
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "memory") 2)
  (func $tell (param $number i32)
    (i32.store8 (i32.const 900) (i32.add (i32.const 48) (i32.div_u (local.get $number) (i32.const 10))))
    (i32.store8 (i32.const 901) (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
    (call $output_set (call $put (i32.const 900) (i32.const 2)) (i64.const 2)))
  (func $put (param $from i32) (param $length i32) (result i64)
    (local $at i32) (local $block i64)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (call $store_u8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i32.load8_u (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (local.get $block))
  (func (export "_initialize") (drop (call $random_get (i32.const 800) (i32.const 1))))
  (func (export "ingest") (result i32)
    (call $tell (i32.rem_u (i32.load8_u (i32.const 800)) (i32.const 100)))
    (i32.const 0)))
