;; Tries: Traps while it is started: in a worker thread this ends the whole host.
;; Must: MODULE_INVALID, PLUGIN_TRAP
(func $start (unreachable))
(start $start)
(func (export "ingest") (result i32) (i32.const 0))
