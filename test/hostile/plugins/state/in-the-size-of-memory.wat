;; Tries: Counts its calls by growing its memory.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (memory.size)))
  (drop (memory.grow (i32.const 1)))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
