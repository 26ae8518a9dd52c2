;; Tries: Has a memory of 64-bit addresses.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") i64 1) (func (export "ingest") (result i32) (i32.const 0)))
