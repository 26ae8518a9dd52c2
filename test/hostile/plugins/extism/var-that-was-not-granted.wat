;; Tries: Keeps a var although its manifest grants no store.
;; Must: PERMISSIONS_UNPROVEN
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (call $var_set (i64.const 0) (i64.const 0))
    (i32.const 0)))
