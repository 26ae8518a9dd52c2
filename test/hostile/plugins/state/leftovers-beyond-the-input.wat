;; Tries: Gives out the memory behind its input, where the input of the call before was longer.
;; Must: done
;; Times: 4
;; Says: \u0000\u0000\u0000\u0000
(func (export "ingest") (result i32)
  (call $input_read (i32.const 0))
  (call $output_write (call $input_length) (i32.const 1000))
  (memory.fill (i32.const 0) (i32.const 65) (i32.const 60000))
  (i32.const 0))
