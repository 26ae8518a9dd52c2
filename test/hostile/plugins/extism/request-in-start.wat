;; Tries: Asks while it is initialised, before anybody has called it.
;; Must: MODULE_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "_initialize") (drop (call $http_request (i64.const 0) (i64.const 0))))
  (func (export "ingest") (result i32)
    (nop)
    (i32.const 0)))
