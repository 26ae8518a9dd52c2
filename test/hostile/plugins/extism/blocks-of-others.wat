;; Tries: Looks for blocks that it did not make, one number after the other.
;; Must: PLUGIN_TRAP
;; Says: outside every block
(module
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (memory (export "memory") 2)
  (func (export "ingest") (result i32)
    (local $number i64)
    (local.set $number (i64.const 2))
    (loop $next
      (drop (call $load_u8 (i64.shl (local.get $number) (i64.const 32))))
      (local.set $number (i64.add (local.get $number) (i64.const 1)))
      (br $next))
    (i32.const 0)))
