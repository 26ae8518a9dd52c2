;; Tries: Grows a table to ten million entries, which V8 would allow.
;; Must: done
;; Says: "output":"0"
(table $t 4 funcref)
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (i32.ne (table.grow $t (ref.null func) (i32.const 10000000)) (i32.const -1))))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
