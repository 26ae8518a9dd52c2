;; Tries: Makes blocks of a megabyte and gives each back.
;; Must: RUN_CPU_EXCEEDED, MEMORY_EXCEEDED
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (loop $l (call $free (call $alloc (i64.const 1048576))) (br $l))
    (i32.const 0)))
