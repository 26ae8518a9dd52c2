;; Tries: Grows its memory until the machine has none left, with a declared maximum of 4 GiB.
;; Must: done
;; Says: "output":"0"
(func (export "ingest") (result i32)
  (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (i32.gt_u (memory.size) (i32.const 1024))))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
