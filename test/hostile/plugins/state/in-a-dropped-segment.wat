;; Tries: Drops a segment in its first call and sees in the next that it is gone.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(data $d "1")
(func (export "ingest") (result i32)
  (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))
  (data.drop $d)
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
