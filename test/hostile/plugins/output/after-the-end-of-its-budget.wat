;; Tries: Writes an output after it has used up its log, in which it is told to stop.
;; Must: LOG_BYTES_EXCEEDED
(data (i32.const 0) "{}")
(func (export "ingest") (result i32)
  (call $output_write (i32.const 0) (i32.const 2))
  (loop $l (call $log_write (i32.const 1) (i32.const 0) (i32.const 60000)) (br $l))
  (i32.const 0))
