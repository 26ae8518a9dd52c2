;; Tries: Writes JSON that is nested 400,000 times, for the host’s own JSON to run out of stack.
;; Must: OUTPUT_INVALID
;; Says: nested
(data (i32.const 0) "[")
(func (export "ingest") (result i32)
  (drop (memory.grow (i32.const 15)))
  (memory.fill (i32.const 0) (i32.const 91) (i32.const 400000))
  (memory.fill (i32.const 400000) (i32.const 93) (i32.const 400000))
  (call $output_write (i32.const 0) (i32.const 800000))
  (i32.const 0))
