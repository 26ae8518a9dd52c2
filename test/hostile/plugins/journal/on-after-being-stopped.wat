;; Tries: Goes on asking after a blocking ask has ended the run.
;; Must: STALLED, open, RUN_CPU_EXCEEDED, REQUEST_REFUSED, PLUGIN_TRAP, done
;; May: {"http":[{"host":"api.example.com","methods":["GET"]}]}
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (drop (call $ask_blocking (i32.const 0) (i32.const 2)))
  (call $batch_read (i32.const 100))
  (call $output_write (i32.const 0) (i32.const 2))
  (i32.const 0))
