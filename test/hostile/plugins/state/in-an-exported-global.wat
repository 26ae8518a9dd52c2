;; Tries: Counts its calls in a global that it exports.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(global $g (export "g") (mut i64) (i64.const 48))
(func (export "ingest") (result i32)
  (global.set $g (i64.add (global.get $g) (i64.const 1)))
  (i64.store8 (i32.const 0) (global.get $g))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
