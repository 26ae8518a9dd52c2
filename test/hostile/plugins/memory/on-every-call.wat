;; Tries: Grows on every call, so that a host which keeps the instance answers nothing in the end.
;; Must: done
;; Times: 30
;; Says: "output":"1"
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 0) (i32.add (memory.size) (i32.const 48)))
  (drop (memory.grow (i32.const 64)))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
