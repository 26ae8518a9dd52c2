;; Tries: Writes an output of more bytes than a run may give.
;; Must: OUTPUT_TOO_LARGE
(func (export "ingest") (result i32)
  (drop (memory.grow (i32.const 31)))
  (call $output_write (i32.const 0) (i32.const 2000000))
  (i32.const 0))
