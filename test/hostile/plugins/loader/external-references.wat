;; Tries: Has a type of references to things of the host.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)) (func (param externref)))
