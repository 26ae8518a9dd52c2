;; Tries: Writes from beyond its memory.
;; Must: PLUGIN_TRAP
;; Says: outside the memory
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (i32.store (i32.const 0) (i32.const 0x7fffffff))
    (i32.store (i32.const 4) (i32.const 100))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (i32.const 0)))
