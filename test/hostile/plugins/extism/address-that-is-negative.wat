;; Tries: Reads at the highest address, which is -1 to some.
;; Must: PLUGIN_TRAP
;; Says: outside every block
(module
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (drop (call $load_u64 (i64.const -1)))
    (i32.const 0)))
