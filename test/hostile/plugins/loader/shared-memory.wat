;; Tries: Has a memory that threads could share.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") 1 2 shared) (func (export "ingest") (result i32) (i32.const 0)))
