;; Tries: Reads one byte behind its block, where that of another might lie.
;; Must: PLUGIN_TRAP
;; Says: outside every block
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (local $block i64)
    (local.set $block (call $alloc (i64.const 8)))
    (drop (call $alloc (i64.const 8)))
    (drop (call $load_u8 (i64.add (local.get $block) (i64.const 8))))
    (i32.const 0)))
