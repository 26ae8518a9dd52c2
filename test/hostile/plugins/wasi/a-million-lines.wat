;; Tries: Writes lines without end.
;; Must: LOG_LINES_EXCEEDED
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (i32.store (i32.const 0) (i32.const 800))
    (i32.store (i32.const 4) (i32.const 2))
    (loop $l (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))) (br $l))
    (i32.const 0))
  (data (i32.const 800) "a\n"))
