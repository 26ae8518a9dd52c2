;; Tries: Uses tail calls, by which it could loop without growing its stack.
;; Must: MODULE_INVALID
;; Says: module.proposal
(module (memory (export "memory") 1) (func $f (export "ingest") (result i32) (return_call $f)))
