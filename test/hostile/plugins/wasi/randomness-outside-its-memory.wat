;; Tries: Lets the host write random bytes over what lies behind its memory.
;; Must: PLUGIN_TRAP
;; Says: outside the memory
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (drop (call $random_get (i32.const 131000) (i32.const 1000)))
    (i32.const 0)))
