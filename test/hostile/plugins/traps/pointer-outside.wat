;; Tries: Gives the host a pointer beyond its memory.
;; Must: PLUGIN_TRAP
(func (export "ingest") (result i32)
  (call $output_write (i32.const 65530) (i32.const 100))
  (i32.const 0))
