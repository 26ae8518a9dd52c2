;; Tries: Writes text that is no JSON.
;; Must: OUTPUT_INVALID
(data (i32.const 0) "{\22abi\22:1,")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 9))
  (i32.const 0))
