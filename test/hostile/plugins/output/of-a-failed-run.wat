;; Tries: Writes an output and then fails, for a host that looks at the output first.
;; Must: PLUGIN_ERROR
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 2))
  (i32.const 1))
