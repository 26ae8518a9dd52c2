;; Tries: Imports http_request although its manifest grants no requests.
;; Must: PERMISSIONS_UNPROVEN
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (drop (call $http_request (i64.const 0) (i64.const 0)))
    (i32.const 0)))
