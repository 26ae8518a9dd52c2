;; Tries: Uses SIMD.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)) (func (drop (v128.load (i32.const 0)))))
