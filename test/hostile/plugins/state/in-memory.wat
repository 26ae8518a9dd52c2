;; Tries: Counts its calls in memory.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 100) (i32.add (i32.load8_u (i32.const 100)) (i32.const 1)))
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (i32.load8_u (i32.const 100))))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
