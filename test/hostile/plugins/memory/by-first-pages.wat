;; Tries: Starts with more memory than any plugin may have.
;; Must: MODULE_INVALID
;; Says: module.memory
(module (memory (export "memory") 1025) (func (export "ingest") (result i32) (i32.const 0)))
