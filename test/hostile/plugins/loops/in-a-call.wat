;; Tries: Loops without end in a call.
;; Must: RUN_CPU_EXCEEDED
(func (export "ingest") (result i32)
  (loop $l (br $l))
  (i32.const 0))
