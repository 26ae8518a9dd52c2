;; Tries: Reports an error of a megabyte.
;; Must: PLUGIN_ERROR
(func (export "ingest") (result i32)
  (drop (memory.grow (i32.const 31)))
  (memory.fill (i32.const 0) (i32.const 65) (i32.const 2000000))
  (call $error_write (i32.const 0) (i32.const 2000000))
  (i32.const 1))
