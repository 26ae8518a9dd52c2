;; Tries: Counts its calls in a global that it does not export.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(global $g (mut i32) (i32.const 48))
(func (export "ingest") (result i32)
  (global.set $g (i32.add (global.get $g) (i32.const 1)))
  (i32.store8 (i32.const 0) (global.get $g))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
