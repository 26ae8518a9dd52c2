;; Tries: Calls the host while it is started, before there is a run.
;; Must: MODULE_INVALID, PLUGIN_TRAP
(module (import "patchbay:io" "log_write" (func $log (param i32 i32 i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)) (func $s (call $log (i32.const 0) (i32.const 0) (i32.const 1))) (start $s))
