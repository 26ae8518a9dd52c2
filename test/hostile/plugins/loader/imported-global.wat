;; Tries: Imports a global, through which instances could talk.
;; Must: MODULE_INVALID
;; Says: module.imports
(module (import "patchbay:io" "g" (global (mut i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
