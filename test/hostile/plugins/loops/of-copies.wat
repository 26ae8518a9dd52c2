;; Tries: Has the host copy the input over and over.
;; Must: RUN_CPU_EXCEEDED
(func (export "ingest") (result i32)
  (loop $l (call $input_read (i32.const 0)) (br $l))
  (i32.const 0))
