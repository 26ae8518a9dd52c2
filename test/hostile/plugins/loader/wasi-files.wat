;; Tries: Imports the WASI function that opens files, which is linked to a refusal.
;; Must: STALLED
(module (import "wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
