;; Tries: Loops without end over a host function, so that most of the time is spent in the host.
;; Must: RUN_CPU_EXCEEDED
(func (export "ingest") (result i32)
  (loop $l (drop (call $input_length)) (br $l))
  (i32.const 0))
