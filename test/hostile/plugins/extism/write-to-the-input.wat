;; Tries: Writes to the input, which lies in a buffer of the host.
;; Must: PLUGIN_TRAP
;; Says: not to be written
;; Times: 2
(module
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (call $store_u64 (call $input_offset) (i64.const -1))
    (i32.const 0)))
