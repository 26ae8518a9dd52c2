;; Tries: Imports a host function under another type.
;; Must: MODULE_INVALID
;; Says: module.imports
(module (import "patchbay:io" "now" (func (param i64) (result i64))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
