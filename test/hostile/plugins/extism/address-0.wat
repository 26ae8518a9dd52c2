;; Tries: Uses address 0 as a mailbox between calls.
;; Must: PLUGIN_TRAP
;; Says: outside every block
;; Times: 2
(module
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (call $store_u8 (i64.const 0) (i32.const 1))
    (i32.const 0)))
