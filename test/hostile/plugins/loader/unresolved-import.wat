;; Tries: Imports a function that nobody has.
;; Must: MODULE_INVALID
;; Says: module.imports
(module (import "env" "system" (func (param i32) (result i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
