;; Tries: Writes an output without a byte.
;; Must: OUTPUT_INVALID
(data (i32.const 0) "")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 0))
  (i32.const 0))
