;; Tries: Starts with a table of ten million entries.
;; Must: MODULE_INVALID
;; Says: module.table
(module (memory (export "memory") 1) (table 10000000 funcref) (func (export "ingest") (result i32) (i32.const 0)))
