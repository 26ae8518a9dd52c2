;; Tries: Makes a block while it is instantiated.
;; Must: MODULE_INVALID
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (memory (export "memory") 2)
  (func $begin (drop (call $alloc (i64.const 1))))
  (start $begin)
  (func (export "ingest") (result i32)
    (nop)
    (i32.const 0)))
