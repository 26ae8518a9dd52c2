;; Tries: Makes blocks of no bytes, which cost all the same.
;; Must: MEMORY_EXCEEDED, RUN_CPU_EXCEEDED
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (loop $l (drop (call $alloc (i64.const 0))) (br $l))
    (i32.const 0)))
