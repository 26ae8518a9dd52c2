;; Tries: Loops without end while the module is started, before any run.
;; Must: RUN_CPU_EXCEEDED
(func $start (loop $l (br $l)))
(start $start)
(func (export "ingest") (result i32) (i32.const 0))
