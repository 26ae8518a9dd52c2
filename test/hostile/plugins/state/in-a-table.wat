;; Tries: Marks its calls in a table.
;; Must: done
;; Times: 4
;; Says: "output":"1"
(table $t 2 funcref)
(func $mark)
(elem (i32.const 1) $mark)
(func (export "ingest") (result i32)
  (i32.store8 (i32.const 0) (i32.add (i32.const 48) (ref.is_null (table.get $t (i32.const 0)))))
  (table.set $t (i32.const 0) (ref.func $mark))
  (call $output_write (i32.const 0) (i32.const 1))
  (i32.const 0))
