;; Tries: Imports a host function that some other host may have.
;; Must: MODULE_INVALID
;; Says: extism:host/user
(module
  (import "extism:host/user" "run_command" (func (param i64) (result i64)))
  (memory (export "memory") 1)
  (func (export "ingest") (result i32) (i32.const 0)))
