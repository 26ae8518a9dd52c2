;; Tries: Reports an error that is not JSON, and succeeds all the same.
;; Must: STALLED
(func (export "ingest") (result i32)
  (call $error_write (i32.const 0) (i32.const 60000))
  (i32.const 0))
