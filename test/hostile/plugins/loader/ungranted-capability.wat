;; Tries: Imports requests although its manifest grants none.
;; Must: PERMISSIONS_UNPROVEN
(module (import "patchbay:http" "ask" (func (param i32 i32) (result i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)))
