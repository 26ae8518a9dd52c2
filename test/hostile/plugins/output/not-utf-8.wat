;; Tries: Writes bytes that are no text.
;; Must: OUTPUT_INVALID
;; Says: not UTF-8
(data (i32.const 0) "\22\ff\fe\80\22")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 5))
  (i32.const 0))
