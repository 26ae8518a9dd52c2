;; Tries: Counts its calls by growing a table.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(table $t 1 funcref)
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (table.size $t)))
  (drop (table.grow $t (ref.null func) (i32.const 1)))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
