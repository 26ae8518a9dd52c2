;; Tries: Hands over something else than a request.
;; Must: ASK_INVALID
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(module
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (memory (export "memory") 2)
  (func $put (param $from i32) (param $length i32) (result i64)
    (local $at i32) (local $block i64)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
      (call $store_u8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
        (i32.load8_u (i32.add (local.get $from) (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $next)))
    (local.get $block))
  (func (export "ingest") (result i32)
    (drop (call $http_request (call $put (i32.const 800) (i32.const 4)) (i64.const 0)))
    (i32.const 0))
  (data (i32.const 800) "{\"a\""))
