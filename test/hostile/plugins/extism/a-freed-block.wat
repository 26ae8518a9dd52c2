;; Tries: Reads a block that it has given back.
;; Must: PLUGIN_TRAP
;; Says: outside every block
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 8)))
    (call $free (local.get $block))
    (drop (call $load_u64 (local.get $block)))
    (i32.const 0)))
