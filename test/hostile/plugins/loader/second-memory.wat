;; Tries: Has a second memory, which nobody would put back.
;; Must: MODULE_INVALID
;; Says: module.memory
(module (memory (export "memory") 1) (memory 1) (func (export "ingest") (result i32) (i32.const 0)))
