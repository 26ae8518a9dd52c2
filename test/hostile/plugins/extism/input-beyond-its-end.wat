;; Tries: Reads what lies behind the input in a buffer of the host.
;; Must: PLUGIN_TRAP
(module
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (drop (call $input_load_u8 (call $input_length)))
    (i32.const 0)))
