;; Tries: Ends its process, again and again.
;; Must: STALLED
;; Times: 3
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (loop $l (call $proc_exit (i32.const 0)) (br $l))
    (i32.const 0)))
