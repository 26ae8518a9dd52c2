;; Tries: Gives the host a pointer and a length whose sum wraps around.
;; Must: PLUGIN_TRAP
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0xffffffff) (i32.const 2))
  (i32.const 0))
