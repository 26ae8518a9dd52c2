;; Tries: Never comes back from being initialised.
;; Must: RUN_CPU_EXCEEDED, PLUGIN_TIMEOUT, MODULE_INVALID
(module
  (memory (export "memory") 2)
  (func (export "_initialize") (loop $l (br $l)))
  (func (export "ingest") (result i32)
    (nop)
    (i32.const 0)))
