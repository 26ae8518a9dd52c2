;; Tries: Logs a line that is nested 30,000 times, for the child’s own JSON to run out of stack.
;; Must: STALLED, done
(func (export "ingest") (result i32)
  (memory.fill (i32.const 20) (i32.const 91) (i32.const 30000))
  (memory.fill (i32.const 30020) (i32.const 93) (i32.const 30000))
  (i32.store8 (i32.const 60020) (i32.const 125))
  (call $log_write (i32.const 1) (i32.const 9) (i32.const 50))
  (call $log_write (i32.const 1) (i32.const 9) (i32.const 60012))
  (i32.const 0))
(data (i32.const 9) "{\"fields\":[")
