;; Tries: Imports a name of Object.prototype.
;; Must: MODULE_INVALID
;; Says: module.imports
(module (import "patchbay:io" "constructor" (func)) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
