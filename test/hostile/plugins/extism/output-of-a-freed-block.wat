;; Tries: Gives back the block that is its output.
;; Must: STALLED
(module
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 2)))
    (call $output_set (local.get $block) (i64.const 2))
    (call $free (local.get $block))
    (i32.const 0)))
