;; Tries: Asks for a request while it is started.
;; Must: MODULE_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
;; Says: module.start
(module (import "patchbay:http" "ask" (func $a (param i32 i32) (result i32))) (memory (export "memory") 1) (func (export "ingest") (result i32) (i32.const 0)) (func $s (drop (call $a (i32.const 0) (i32.const 0)))) (start $s))
