;; Tries: Reads what lies before the input in a buffer of the host.
;; Must: PLUGIN_TRAP
(module
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (drop (call $input_load_u8 (i64.const -1)))
    (i32.const 0)))
