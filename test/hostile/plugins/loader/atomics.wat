;; Tries: Uses atomic instructions, by which it could wait without using CPU time.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)) (func (drop (i32.atomic.load (i32.const 0)))))
