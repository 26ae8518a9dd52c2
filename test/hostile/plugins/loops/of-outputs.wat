;; Tries: Writes a large output over and over, each of which is allowed.
;; Must: RUN_CPU_EXCEEDED, OUTPUT_INVALID
(func (export "ingest") (result i32)
  (drop (memory.grow (i32.const 15)))
  (memory.fill (i32.const 0) (i32.const 32) (i32.const 1000000))
  (loop $l (call $output_write (i32.const 0) (i32.const 1000000)) (br $l))
  (i32.const 0))
